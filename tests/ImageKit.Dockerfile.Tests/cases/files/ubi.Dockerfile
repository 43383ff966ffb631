ARG UBI_VERSION=9.4
FROM registry.access.redhat.com/ubi9/ubi-minimal:${UBI_VERSION} AS base

ENV LANG=C.UTF-8 \
    TZ=Etc/UTC

RUN microdnf install -y --setopt=install_weak_deps=0 \
        python3.12 \
        shadow-utils \
    && microdnf clean all \
    && useradd --uid 1001 --gid 0 --home-dir /app app

WORKDIR /app
COPY --chown=1001:0 --chmod=u=rwX,g=rwX,o= src/ src/
USER 1001
ENTRYPOINT ["python3.12", "-m", "src.main"]
CMD ["--help"]
