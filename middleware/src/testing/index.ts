export { testTracking, type FlowsOptions, type TestTracking } from './test-tracking';
export type { TestCheckpoint, TestFlow } from './flow-tree';
