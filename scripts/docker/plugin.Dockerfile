# syntax=docker/dockerfile:1
# Builds the Grafana plugin and, when run, puts it into the volume at /plugin.
FROM node:22.23.2-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY protocol/package.json protocol/
COPY middleware/package.json middleware/
COPY bridge/package.json bridge/
COPY grafana-plugin/package.json grafana-plugin/
COPY examples/chat-server/package.json examples/chat-server/
COPY examples/research-agent/package.json examples/research-agent/
RUN --mount=type=cache,target=/root/.npm \
    npm ci --workspace=protocol --workspace=grafana-plugin --include-workspace-root
COPY tsconfig.base.json ./
COPY protocol/ protocol/
COPY grafana-plugin/ grafana-plugin/
RUN npx tsc -b protocol/tsconfig.build.json && npm run build --workspace=grafana-plugin

FROM busybox:1.37.0
COPY --from=build /app/grafana-plugin/dist /dist
# Copied at each start, since a named volume takes an image's files only while it is empty.
CMD ["sh", "-c", "find /plugin -mindepth 1 -delete && cp -R /dist/. /plugin/"]
