// What recording a checkpoint costs its process, without a server around it. A process of its own for each target: what
// another has left in the heap and in the shapes of V8 would be measured, too.
import { createFlowTracking } from './flow-tracking.mjs';
import { createOpenTelemetry } from './opentelemetry.mjs';
import { runRounds } from './run-rounds.mjs';

const [, , name = '', redisUrl = '', rounds = '5', flows = '1000'] = process.argv;
/** @type {Readonly<Record<string, (redisUrl: string) => Promise<import('./run-rounds.mjs').Target>>>} */
const CREATE = {
  flows: createFlowTracking,
  spans: async () => createOpenTelemetry(),
};
const create = CREATE[name];
if (create === undefined) throw new Error(`there is no target ${name}`);
const target = await create(redisUrl);
const cost = await runRounds(target, { rounds: Number(rounds), flows: Number(flows) });
await target.close();
process.send?.(cost, () => process.exit(0));
