FROM alpine:latest
RUN apk add --no-cache nginx=~1.26 tzdata && mkdir -p /run/nginx
COPY nginx.conf /etc/nginx/nginx.conf
COPY --chmod=0644 conf.d/ /etc/nginx/conf.d/
EXPOSE 80 443/tcp
STOPSIGNAL SIGQUIT
CMD ["nginx", "-g", "daemon off;"]
