#!/usr/bin/env node
import { redisKeys } from '@flow-tracking/protocol';
import { loadTokens } from './access/token-files';
import { checkTokens } from './access/token-strength';
import { startBridge, type Bridge } from './bridge';
import { checkPostgres, checkRedis } from './checks/server-checks';
import { readConfig, readVersion, type Config } from './config';
import { ENVIRONMENT_HELP } from './environment-help';
import { BridgeError, messageOf } from './errors';
import { createLogger, type Logger } from './platform/logger';
import { migrate } from './platform/postgres/migrations';
import { createPool } from './platform/postgres/pool';
import { printable } from './platform/printable';
import { createCommandClient } from './platform/redis/client';

const USAGE = `Usage: flow-bridge [--migrate | --check-config [--connect] | --version | --help]

Relays the flows of monitored users from Redis to WebSocket clients, and moves every flow into Postgres.

  --migrate        bring the Postgres schema up to date, then stop
  --check-config   check the environment and the token files, then stop
    --connect      ask Redis and Postgres, too, and say what is wrong with their settings
  --version        print the version
  --help           print this

Variable                        meaning                                        default
${ENVIRONMENT_HELP}`;

/** How long a stop may take, after the drain, before it is cut short. */
const STOP_TIMEOUT_MS = 4_500;

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const complain = (line: string): void => void process.stderr.write(`flow-bridge: ${line}\n`);

async function runMigrations(config: Config, logger: Logger): Promise<void> {
  const pool = createPool(config.databaseUrl, logger);
  try {
    const ran = await migrate(pool, config.migrationsDir);
    print(ran.length === 0 ? 'The schema is up to date.' : `Migrated: ${ran.join(', ')}`);
  } finally {
    await pool.end();
  }
}

/** What is wrong with the servers' settings; rejects when one does not answer. */
async function askServers(config: Config): Promise<string[]> {
  const silent = createLogger('silent', 'json');
  const pool = createPool(config.databaseUrl, silent);
  const replica = config.databaseReadUrl === undefined ? undefined : createPool(config.databaseReadUrl, silent);
  const redis = createCommandClient(config.redis, `${config.prefix}-bridge:check`, silent);
  const failure = (what: string, code: 'redis_unavailable' | 'postgres_unavailable') => (error: unknown) => {
    if (error instanceof BridgeError) throw error;
    throw new BridgeError(code, 503, `${what} can not be used: ${messageOf(error) || 'connection refused'}`);
  };
  // ioredis tells why a connection failed by an event, and only "closed" by the promise.
  const refused = new Promise<never>((_resolve, reject) => redis.on('error', reject));
  try {
    const results = await Promise.allSettled([
      Promise.race([redis.connect(), refused])
        .then(() => checkRedis(redis, redisKeys(config.prefix), config.partitions))
        .catch(failure('REDIS_URL: Redis', 'redis_unavailable')),
      checkPostgres(pool).catch(failure('DATABASE_URL: Postgres', 'postgres_unavailable')),
      replica === undefined
        ? []
        : checkPostgres(replica).catch(failure('DATABASE_READ_URL: Postgres', 'postgres_unavailable')),
    ]);
    const problems = results.filter((result) => result.status === 'rejected').map(({ reason }) => messageOf(reason));
    if (problems.length > 0) throw new BridgeError('invalid_config', 503, problems.join('\n'));
    return results.flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
  } finally {
    redis.disconnect();
    await Promise.all([pool.end(), replica?.end()]);
  }
}

async function checkConfig(config: Config, connect: boolean): Promise<void> {
  const warnings = [...checkTokens(loadTokens(config)), ...(connect ? await askServers(config) : [])];
  for (const warning of warnings) complain(`warning: ${warning}`);
  print(connect ? 'The configuration is valid, and Redis and Postgres answer.' : 'The configuration is valid.');
}

/** Runs until the first SIGINT or SIGTERM; a second one ends it at once. */
async function serve(config: Config, logger: Logger): Promise<void> {
  let bridge: Bridge | undefined = undefined;
  let isStopping = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (isStopping || bridge === undefined) {
      complain(`${signal}${isStopping ? ' again' : ' while starting'}: ended at once`);
      process.exit(1);
    }
    isStopping = true;
    const limitMs = config.drainMs + STOP_TIMEOUT_MS;
    setTimeout(() => {
      complain(`Stopping took more than ${limitMs} ms: cut short; what was not written stays in Redis`);
      process.exit(1);
    }, limitMs).unref();
    bridge.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ err: error }, 'Stopping failed');
        process.exit(1);
      },
    );
  };
  // From the start on: as a container's first process it would not be ended by a signal that it does not handle.
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  bridge = await startBridge(config, logger);
}

async function main(args: readonly string[]): Promise<void> {
  const command = args.join(' ');
  if (command === '--help' || command === '-h') {
    process.stdout.write(USAGE);
    return;
  }
  if (command === '--version') {
    print(readVersion());
    return;
  }
  if (!['', '--migrate', '--check-config', '--check-config --connect'].includes(command)) {
    throw new BridgeError('invalid_config', 500, `unknown argument ${command}; see flow-bridge --help`);
  }
  const config = readConfig();
  if (command.startsWith('--check-config')) {
    await checkConfig(config, command.endsWith('--connect'));
    return;
  }
  const logger = createLogger(config.logLevel, config.logFormat);
  await (command === '--migrate' ? runMigrations(config, logger) : serve(config, logger));
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const code = error instanceof BridgeError ? error.code : ((error as { code?: string }).code ?? 'internal');
  const message = messageOf(error) || String((error as { code?: string }).code);
  complain(`${code}: ${message.split('\n').map(printable).join('\n')}`);
  // Not only the exit code: a connection that is being made would keep the process.
  process.exit(1);
});
