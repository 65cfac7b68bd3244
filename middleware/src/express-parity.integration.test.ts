import { Redis } from 'ioredis';
import { redisUrl } from '../../test/support/services';
import { ANSWERS } from './testing/parity/answers';
import { BODIES } from './testing/parity/bodies';
import { CONNECTIONS } from './testing/parity/connections';
import { ROUTING } from './testing/parity/routing';
import { STREAMS } from './testing/parity/streams';
import { EXPRESS, runPlain, runTracked, runWithoutRedis, type Major } from './testing/parity/run-scenario';

let redis: Redis;
beforeAll(() => {
  redis = new Redis(redisUrl());
});
afterAll(async () => {
  await redis.quit();
});

const groups = { ANSWERS, STREAMS, BODIES, ROUTING, CONNECTIONS };

describe.each(Object.keys(EXPRESS).map((major) => Number(major) as Major))(
  'Express %i behaves as without us',
  (major) => {
    describe.each(Object.entries(groups))('%s', (_group, scenarios) => {
      it.each(scenarios.map((scenario) => [scenario.name, scenario] as const))('%s', async (_name, scenario) => {
        const plain = await runPlain(scenario, major);
        const { outcome, flows } = await runTracked(scenario, major, redis, redisUrl());
        expect(outcome).toEqual(plain);
        expect(flows).toEqual([...scenario.flows].sort());
        expect(await runWithoutRedis(scenario, major)).toEqual(plain);
      });
    });
  },
);
