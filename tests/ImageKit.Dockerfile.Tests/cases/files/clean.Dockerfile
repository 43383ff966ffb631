# syntax=docker/dockerfile:1
# RELEASE which release is packed
ARG RELEASE=12.8-slim

# build compiles it
FROM debian:${RELEASE} AS build
RUN --mount=type=cache,target=/var/lib/apt/lists,sharing=locked \
    --mount=type=cache,target=/var/cache/apt,sharing=locked \
    apt-get update && apt-get install -y --no-install-recommends gcc make
WORKDIR /src
COPY Makefile *.c ./
RUN make all

# final is what runs
FROM debian:${RELEASE} AS final
COPY --from=build --chmod=755 /src/tool /usr/local/bin/tool
USER 1000:1000
HEALTHCHECK CMD ["/usr/local/bin/tool", "--ping"]
ENTRYPOINT ["/usr/local/bin/tool"]
CMD ["--serve"]
