import { config } from '@grafana/runtime';
import type { BridgeApi } from '../bridge-api';
import { connectLive } from './live-client';
import { createLiveFeed, type LiveFeed } from './live-feed';
import { liveUrls } from './live-urls';

/** Where live flows come from, as this page reaches it. */
export function urlsOf(proxyUrl: string): ReturnType<typeof liveUrls> {
  return liveUrls(proxyUrl, config.appSubUrl ?? '', document.baseURI);
}

/** Live flows over one connection for all queries of a datasource. */
export function createFeed(api: BridgeApi, proxyUrl: string): LiveFeed {
  return createLiveFeed({
    connect: (users) => connectLive({ ...urlsOf(proxyUrl), users }),
    loadFlow: (flowId, cursor) => api.flow(flowId, cursor),
  });
}
