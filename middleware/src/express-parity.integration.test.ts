import { Redis } from 'ioredis';
import { redisUrl } from '../../test/support/services';
import { ANSWERS } from './testing/parity/answers';
import { BODIES } from './testing/parity/bodies';
import { CONNECTIONS } from './testing/parity/connections';
import { FAILURES } from './testing/parity/failures';
import { filesScenarios, makeFiles, type Files } from './testing/parity/files';
import { LOST_CONNECTIONS } from './testing/parity/lost-connections';
import { ROUTING } from './testing/parity/routing';
import { EXPRESS, runPlain, runTracked, runWithoutRedis, type Major } from './testing/parity/run-scenario';
import { STREAMS } from './testing/parity/streams';

let redis: Redis;
let files: Files;
beforeAll(() => {
  redis = new Redis(redisUrl());
  files = makeFiles();
});
afterAll(async () => {
  files.remove();
  await redis.quit();
});

const groups = {
  'answers at once': ANSWERS,
  'answers in parts': STREAMS,
  'takes bodies': BODIES,
  'answers with files': filesScenarios(() => files.dir),
  'finds handlers': ROUTING,
  'copes with failures': FAILURES,
  'keeps connections': CONNECTIONS,
  'loses connections': LOST_CONNECTIONS,
};
const majors = Object.keys(EXPRESS).map((major) => Number(major) as Major);

describe.each(majors)('Express %i, as without the middleware,', (major) => {
  describe.each(Object.entries(groups))('%s', (_group, scenarios) => {
    it.each(scenarios.map((scenario) => [scenario.name, scenario] as const))('%s', async (_name, scenario) => {
      const plain = await runPlain(scenario, major);
      const { outcome, flows } = await runTracked(scenario, major, redis, redisUrl());
      expect(outcome).toEqual(plain);
      const expected = typeof scenario.flows === 'function' ? scenario.flows(major) : scenario.flows;
      expect(flows).toEqual([...expected].sort());
      expect(await runWithoutRedis(scenario, major)).toEqual(plain);
    });
  });
});
