import type { CheckpointParent, Flow } from '@flow-tracking/express';
import { currentFlow } from '../shared/current-flow';
import type { ModelCall } from '../shared/model-call';

/** A run of LangChain, be it recorded or not. */
export interface Run {
  readonly flow: Flow;
  /** What is recorded below it: its own checkpoint, or that of the nearest run above that has one. */
  readonly under: CheckpointParent;
  /** Undefined: it has no checkpoint of its own. */
  readonly call: ModelCall | undefined;
  readonly signal: AbortSignal | undefined;
}

/** Runs that nobody ends, such as streams that nobody reads, must not fill the memory. */
const MAX_RUNS = 10_000;

/** Those of all handlers: one run may be told to several of them, and is recorded once. */
const runs = new Map<string, Run>();

/** What a run belongs to; undefined: to no flow, or it is known already. */
export function placeOf(runId: string, parentRunId: string | undefined): Pick<Run, 'flow' | 'under'> | undefined {
  if (runs.has(runId)) return undefined;
  const parent = parentRunId === undefined ? undefined : runs.get(parentRunId);
  if (parent !== undefined) return { flow: parent.flow, under: parent.under };
  const flow = currentFlow();
  return flow === undefined ? undefined : { flow, under: flow };
}

export function keepRun(runId: string, run: Run): void {
  runs.set(runId, run);
  if (runs.size <= MAX_RUNS) return;
  const [oldest] = runs.keys();
  if (oldest !== undefined) runs.delete(oldest);
}

export function runOf(runId: string): Run | undefined {
  return runs.get(runId);
}

/** The run, which has ended. */
export function takeRun(runId: string): Run | undefined {
  const run = runs.get(runId);
  runs.delete(runId);
  return run;
}
