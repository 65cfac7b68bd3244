#!/usr/bin/env node
import { flowTracking, FlowTrackingError, type FlowTracking } from '@flow-tracking/express';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApp } from './app';
import { ENVIRONMENT_HELP, readConfig, type Config } from './config';
import { ChatError } from './errors';
import { createOpenAiModel } from './openai-model';
import { simulatedModel } from './simulated-model';
import { runTraffic } from './traffic';

const USAGE = `Usage: node examples/chat-server/dist/main.js [--help]

A chat server with a simulated model, tracked by @flow-tracking/express:
  curl -N -X POST http://localhost:3001/api/v1/ask/stream \\
    -H 'Authorization: Bearer demo-123' -H 'Content-Type: application/json' -d '{"message":"Hello"}'

Environment                                                       default${ENVIRONMENT_HELP}`;

/** How long running answers may go on at a stop, and how long a stop may take at all. */
const GRACE_MS = 1_500;
const STOP_TIMEOUT_MS = 4_500;

/** @throws {ChatError} `port_in_use` */
function listen(app: ReturnType<typeof createApp>, { host, port }: Config): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = app.listen(port, host, (error?: Error) => {
      if (error === undefined) resolve(server);
      else if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') reject(error);
      else reject(new ChatError('port_in_use', 500, `port ${port} is in use; set FLOW_DEMO_PORT to a free one`));
    });
  });
}

/** Lets running answers end for a moment, cuts off what is left, then has the ends of those written, too. */
async function stop(server: Server, tracking: FlowTracking): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeIdleConnections();
  const impatient = setTimeout(() => {
    server.closeAllConnections();
  }, GRACE_MS);
  await closed;
  clearTimeout(impatient);
  await tracking.close(2_000);
}

async function main(args: readonly string[]): Promise<void> {
  if (args[0] === '--help' || args[0] === '-h') {
    process.stdout.write(USAGE);
    return;
  }
  if (args.length > 0) throw new ChatError('invalid_config', 500, `unknown argument ${args.join(' ')}; see --help`);
  const config = readConfig();
  const tracking = flowTracking({ service: config.service });
  const model = config.openai === undefined ? simulatedModel : createOpenAiModel(config.openai);
  const server = await listen(createApp(tracking, model), config).catch(async (error: unknown) => {
    await tracking.close(0);
    throw error;
  });
  const { port } = server.address() as AddressInfo;
  console.log(`chat-server: http://localhost:${port}, model ${model.name}, traffic ${config.traffic ? 'on' : 'off'}`);

  const stopping = new AbortController();
  if (config.traffic) void runTraffic(`http://127.0.0.1:${port}`, stopping.signal);

  const onSignal = (): void => {
    stopping.abort();
    setTimeout(() => process.exit(1), STOP_TIMEOUT_MS).unref();
    void stop(server, tracking).then(() => process.exit(0));
  };
  process.once('SIGINT', onSignal);
  process.once('SIGTERM', onSignal);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const isKnown = error instanceof ChatError || error instanceof FlowTrackingError;
  process.stderr.write(`chat-server: ${isKnown ? `${error.code}: ${error.message}` : String(error)}\n`);
  process.exitCode = 1;
});
