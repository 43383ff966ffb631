# syntax=docker/dockerfile:1

FROM node:22.4-alpine3.20 AS assets
WORKDIR /site
COPY package.json pnpm-lock.yaml ./
RUN --mount=type=cache,id=pnpm,target=/root/.local/share/pnpm/store \
    corepack enable && pnpm install --frozen-lockfile
COPY . .
RUN pnpm run build

FROM nginx:1.27-alpine
LABEL org.opencontainers.image.source="https://example.com/site" \
      org.opencontainers.image.licenses="MIT"
COPY --from=assets --link /site/dist/ /usr/share/nginx/html/
COPY <<EOF /etc/nginx/conf.d/default.conf
server {
    listen 8080;
    root /usr/share/nginx/html;
    location / { try_files \$uri /index.html; }
}
EOF
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=3s --retries=3 \
    CMD ["wget", "-q", "-O", "/dev/null", "http://127.0.0.1:8080/"]
STOPSIGNAL SIGQUIT
