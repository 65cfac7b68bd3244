export { IntegrationError, type IntegrationErrorCode } from '../errors';
export type { ContentOptions } from '../shared/options';
export { type TrackableMcpClient, trackMcpClient } from './track-client';
export { type McpServerOptions, type TrackableMcpServer, trackMcpServer } from './track-server';
