# syntax=docker/dockerfile:1
ARG NODE_VERSION=22.11
FROM node:${NODE_VERSION}-bookworm-slim AS deps
WORKDIR /srv/shop
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm npm ci

FROM deps AS build
COPY . .
RUN npm run build && npm prune --omit=dev

FROM node AS Runtime
ENV NODE_ENV=production PORT=3000 URL=http://0.0.0.0:$PORT
WORKDIR /srv/shop
COPY --from=build --chown=node:node /srv/shop/dist /srv/shop/node_modules ./app
USER node
EXPOSE 3000/TCP
CMD node server.js
