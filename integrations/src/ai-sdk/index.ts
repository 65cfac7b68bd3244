export { IntegrationError, type IntegrationErrorCode } from '../errors';
export type { ContentOptions } from '../shared/options';
export { type TrackableModel, trackModel } from './track-model';
export { trackTools } from './track-tools';
