#!/usr/bin/env node
import { createLogger } from './adapters/logger';
import { createPool } from './adapters/postgres';
import { startBridge } from './bridge';
import { ENVIRONMENT_HELP, readConfig } from './config';
import { BridgeError, messageOf } from './errors';
import { migrate } from './stores/migrations';

const USAGE = `Usage: flow-bridge [--migrate | --check-config | --help]

Relays the flows of monitored users from Redis to WebSocket clients, and moves every flow into Postgres.

  --migrate        bring the Postgres schema up to date, then stop
  --check-config   check the environment, then stop
  --help           show this

Environment                                                  default
${ENVIRONMENT_HELP}`;

/** How long a stop may take before it is cut short. */
const STOP_TIMEOUT_MS = 4_500;

async function main(args: readonly string[]): Promise<void> {
  const [command, ...rest] = args;
  if (command === '--help' || command === '-h') {
    process.stdout.write(USAGE);
    return;
  }
  if (rest.length > 0 || (command !== undefined && !['--migrate', '--check-config'].includes(command))) {
    throw new BridgeError('invalid_config', 500, `unknown argument ${args.join(' ')}; see flow-bridge --help`);
  }
  const config = readConfig();
  if (command === '--check-config') {
    process.stdout.write('The configuration is valid.\n');
    return;
  }
  const logger = createLogger(config.logLevel, config.logFormat);
  if (command === '--migrate') {
    const pool = createPool(config.databaseUrl, logger);
    try {
      const ran = await migrate(pool, config.migrationsDir);
      process.stdout.write(ran.length === 0 ? 'The schema is up to date.\n' : `Migrated: ${ran.join(', ')}\n`);
    } finally {
      await pool.end();
    }
    return;
  }

  const bridge = await startBridge(config, logger);
  const stop = (): void => {
    setTimeout(() => process.exit(1), STOP_TIMEOUT_MS).unref();
    bridge.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ err: error }, 'Stopping failed');
        process.exit(1);
      },
    );
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const code = error instanceof BridgeError ? error.code : ((error as { code?: string }).code ?? 'internal');
  const message = messageOf(error) || String((error as { code?: string }).code);
  process.stderr.write(`flow-bridge: ${code}: ${message}\n`);
  process.exitCode = 1;
});
