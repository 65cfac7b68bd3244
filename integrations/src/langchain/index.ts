export type { ContentOptions } from '../shared/options';
export { FlowCallbackHandler } from './handler';
