import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_GRAFANA } from '../shared/grafana';
import { readConfig } from './config';
import { PreviewError } from './errors';
import { HELP } from './help';
import { isLoopback } from './origin-check';
import { startServer } from './server';
import { vendorPath } from './vendor-path';

/** The longest that stopping may take before the process ends anyway. */
const STOP_TIMEOUT_MS = 900;

const [argument] = process.argv.slice(2);
if (argument === '--help' || argument === '-h') {
  process.stdout.write(HELP);
} else if (argument === undefined) {
  await run();
} else {
  process.stderr.write(`preview: unknown argument: ${argument}\n\n${HELP}`);
  process.exitCode = 2;
}

async function run(): Promise<void> {
  try {
    const config = readConfig(process.env);
    const files = ['page.js', vendorPath(config.grafana, 'js')];
    if (!files.every((file) => existsSync(join(config.publicDir, file)))) {
      const command = `npm run build${config.grafana === DEFAULT_GRAFANA ? '' : ` -- --grafana=${config.grafana}`}`;
      throw new PreviewError('PAGE_NOT_BUILT', `no page in ${config.publicDir}: run "${command}" in preview/`);
    }
    const server = await startServer(config);
    for (const problem of server.problems) console.error(`preview: ${problem}`);
    for (const text of server.leftOut) console.log(`preview: ${text}`);
    if (!isLoopback(config.host)) {
      console.error(`preview: ${config.host} is reachable from other machines, and the preview has no login`);
    }
    console.log(`preview listening on ${server.url}`);

    const stop = (): void => {
      setTimeout(() => process.exit(0), STOP_TIMEOUT_MS).unref();
      void server.close().then(() => process.exit(0));
    };
    process.once('SIGTERM', stop);
    process.once('SIGINT', stop);
  } catch (error) {
    // What a person can mend is one line; anything else is a fault of ours and keeps its stack.
    console.error(error instanceof PreviewError ? `preview: ${error.message}` : error);
    process.exit(1);
  }
}
