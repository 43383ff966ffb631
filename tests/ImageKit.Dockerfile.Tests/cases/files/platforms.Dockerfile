ARG BASE=registry.example.com/team/base:3
ARG TAG
FROM --platform=$TARGETPLATFORM ${BASE} AS common
FROM --platform=linux/amd64 alpine:3.20 AS tools
FROM common AS build-amd64
FROM common AS build-arm64
FROM build-${TARGETARCH} AS final
ARG --quiet PREFIX=/usr
ENV PREFIX=/opt
ARG PREFIX=/usr/local
ENV ESCAPED=${PREFIX//\//\$0}
RUN make install PREFIX=$PREFIX ARCH=$TARGETARCH TAG=$TAG
COPY --exclude=*.md README.md docs/ /usr/share/doc/final/
COPY --from=tools /bin/busybox /bin/
