# syntax=docker/dockerfile:1

# GO_VERSION sets the toolchain
ARG GO_VERSION=1.22
ARG BASE=gcr.io/distroless/static-debian12:nonroot

FROM --platform=$BUILDPLATFORM tonistiigi/xx:1.4.0 AS xx

FROM --platform=$BUILDPLATFORM golang:${GO_VERSION}-alpine AS builder
COPY --link --from=xx / /
WORKDIR /src
ARG TARGETPLATFORM
ARG VERSION=dev
RUN --mount=target=. \
    --mount=type=cache,target=/root/.cache/go-build \
    --mount=type=cache,target=/go/pkg/mod \
    xx-go build -trimpath -ldflags "-s -w -X main.version=$VERSION" -o /out/app ./cmd/app && \
    xx-verify --static /out/app

# test runs the unit tests
FROM builder AS test
RUN --mount=target=. go test ./...

# binaries holds nothing but the program
FROM scratch AS binaries
COPY --from=builder /out/ /

FROM ${BASE} AS release
COPY --from=binaries /app /usr/local/bin/app
ENTRYPOINT ["/usr/local/bin/app"]
