# base is for our sites
FROM nginx:1.27 AS base
ONBUILD COPY dist/ /usr/share/nginx/html/
ONBUILD RUN --mount=type=bind,target=/src cp /src/robots.txt /usr/share/nginx/html/
onbuild ENTRYPOINT ['nginx']
ONBUILD ENV SITE=default

FROM base AS Base2
FROM Base2
LABEL site=two
