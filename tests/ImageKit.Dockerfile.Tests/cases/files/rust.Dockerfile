# syntax=docker/dockerfile:1
FROM rust:1.82 AS chef
RUN cargo install cargo-chef --locked
WORKDIR /app

FROM chef AS planner
COPY . .
RUN cargo chef prepare --recipe-path recipe.json

FROM chef AS builder
COPY --from=planner /app/recipe.json recipe.json
RUN cargo chef cook --release --recipe-path recipe.json
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/app/target \
    cargo build --release --bin server && cp target/release/server /server

FROM gcr.io/distroless/cc-debian12:nonroot AS runtime
COPY --from=builder --link --chmod=0755 /server /usr/local/bin/
ENTRYPOINT ["/usr/local/bin/server"]
