export { FlowSpanProcessor, type FlowSpanProcessorOptions } from './flow-span-processor';
export type { FlowSpan } from './span';
