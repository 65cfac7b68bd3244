/** What is known of flows, put together from events and history in any order. */
export { emptyFlow, joinEvents, joinHead, joinRecord, NO_HEAD, type FlowHead, type FlowState } from './flow-state';
export { outcomeOf, recordOf, viewFlow, type FlowView } from './flow-view';
export { createFlowStore, type FlowStore } from './flow-store';
export { MAX_FLOWS, NO_FLOWS, reduceFlows, viewFlows, type FlowInput, type Flows } from './flows';
export { joinNodes, nodeOfEvent, viewNode, type NodeState } from './node-state';
export { formatSeqs, missingSeqs, type SeqSet } from './seq-set';
export type { StoredFlow } from './stored-flow';
export { buildTree, type BrokenParent, type Tree, type TreeInput, type TreeNode } from './tree';
