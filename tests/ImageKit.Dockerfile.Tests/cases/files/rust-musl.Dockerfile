# syntax=docker/dockerfile:1.7
# check=error=true

FROM --platform=$BUILDPLATFORM rust:1.79-alpine3.20 AS build
ARG TARGETARCH
RUN apk add --no-cache musl-dev clang lld
WORKDIR /src
RUN --mount=type=bind,source=Cargo.toml,target=Cargo.toml \
    --mount=type=bind,source=Cargo.lock,target=Cargo.lock \
    --mount=type=bind,source=src,target=src \
    --mount=type=cache,target=/src/target,sharing=locked \
    --mount=type=cache,target=/usr/local/cargo/registry <<EOF
set -eux
case "$TARGETARCH" in
    amd64) triple=x86_64-unknown-linux-musl ;;
    arm64) triple=aarch64-unknown-linux-musl ;;
    *) echo "unsupported: $TARGETARCH" >&2; exit 1 ;;
esac
rustup target add "$triple"
cargo build --release --locked --target "$triple"
cp "target/$triple/release/tool" /bin/tool
EOF

FROM scratch
COPY --from=build /bin/tool /tool
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
USER 65532:65532
ENTRYPOINT ["/tool"]
