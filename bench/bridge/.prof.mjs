import { fillStreams } from '/work/main/bench/bridge/flows.mjs';
import { createRequire } from 'node:module';
const require = createRequire('/work/main/bridge/package.json');
const { Redis } = require('ioredis');
const redis = new Redis('redis://127.0.0.1:26379');
await fillStreams(redis, { prefix: 'prof', partitions: 4, flows: Number(process.argv[2] ?? 40000) });
redis.disconnect();
