// What recording a checkpoint costs its process, without a server around it. A process of its own: what the run before
// it has left in the heap would be measured, too.
import { createFlowTracking } from './flow-tracking.mjs';
import { createOpenTelemetry } from './opentelemetry.mjs';
import { runRounds } from './run-rounds.mjs';

const [, , redisUrl = '', rounds = '5', flows = '1000'] = process.argv;
const subjects = [await createFlowTracking(redisUrl), createOpenTelemetry()];
const costs = await runRounds(subjects, { rounds: Number(rounds), flows: Number(flows) });
for (const subject of subjects) await subject.close();
process.send?.([...costs], () => process.exit(0));
