FROM debian:12-slim
LABEL org.opencontainers.image.title="tools" \
      org.opencontainers.image.vendor="Example"
ARG DEBIAN_FRONTEND=noninteractive
RUN set -eux; \
	apt-get update; \
	apt-get install -y --no-install-recommends \
		ca-certificates \
		curl \

		gnupg \
	; \
	curl -fsSL https://example.com/key.asc | gpg --dearmor -o /usr/share/keyrings/example.gpg; \
	rm -rf /var/lib/apt/lists/*
# check=skip=AptListsKept // this image is thrown away
RUN apt-get update && apt-get install -y git
COPY scripts/entry.sh scripts/lib.sh /usr/local/lib/tools
RUN cd /usr/local/lib/tools
STOPSIGNAL SIGTERM
CMD ["bash"]
CMD ["sleep", "infinity"]
