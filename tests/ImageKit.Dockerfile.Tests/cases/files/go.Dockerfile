# check=error=true
ARG GO_VERSION=1.23
ARG COMMIT=unknown
FROM --platform=$BUILDPLATFORM golang:${GO_VERSION}-alpine AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH go build -ldflags "-X main.commit=$COMMIT" -o /out/relay ./cmd/relay

FROM build AS test
RUN go test ./...

FROM scratch
COPY --from=biuld /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build --chmod=644 /out/relay /usr/local/bin/relay
COPY --chown=relay config.toml /config.toml
USER 65532:65532
ENTRYPOINT ["/usr/local/bin/relay"]
