# syntax=docker/dockerfile:1
FROM ubuntu:24.04 AS tools
RUN <<EOT
apt-get update
apt-get install -y jq
rm -rf /var/lib/apt/lists/*
EOT
RUN <<-'SETUP'
	set -euo pipefail
	useradd app
	mkdir /work
	SETUP
RUN <<PY
#!/usr/bin/env python3
import sys
print(sys.version)
PY
COPY <<app.conf <<"raw.conf" /etc/app/
user = ${APP_USER}
app.conf
cost = $5
raw.conf
RUN cat <<A > /a && cat <<B > /b
first
A
second
B
USER app
