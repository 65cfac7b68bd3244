#!/usr/bin/env node
import { setTimeout as delay } from 'node:timers/promises';
import { tracesEndpoint } from './config';
import { research } from './research';
import { startTracing } from './tracing';

const USAGE = `Usage: node examples/research-agent/dist/main.js [--help] [question]

An agent with a simulated model, which knows only OpenTelemetry: it sends its spans to the bridge when they begin and when they
end. It answers one question and ends; without one it asks itself something every 20 s.

Environment                                                            default
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT  where the spans go               http://localhost:8090/v1/traces
  OTEL_EXPORTER_OTLP_TRACES_HEADERS   authorization=Bearer%20<token>   none
`;
const QUESTION = 'Who wrote the first program?';
const USERS = ['ada', 'grace', 'ken'];
const BETWEEN_MS = 20_000;

/** Researches now and then until `stopped`. */
async function keepAsking(stopped: AbortSignal): Promise<void> {
  for (let run = 0; !stopped.aborted; run++) {
    await research(QUESTION, USERS[run % USERS.length]!);
    await delay(BETWEEN_MS, undefined, { signal: stopped }).catch(() => undefined);
  }
}

async function main(args: readonly string[]): Promise<void> {
  if (args[0] === '--help' || args[0] === '-h') {
    process.stdout.write(USAGE);
    return;
  }
  const tracing = startTracing('research-agent', tracesEndpoint());
  const stopping = new AbortController();
  const onSignal = (): void => {
    stopping.abort();
    // What runs is cut off here, as by a crash: its steps stay running until the bridge knows them as lost.
    void tracing.shutdown().finally(() => process.exit(0));
  };
  process.once('SIGINT', onSignal);
  process.once('SIGTERM', onSignal);
  if (args.length > 0) console.log(await research(args.join(' '), 'ada'));
  else await keepAsking(stopping.signal);
  await tracing.shutdown();
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`research-agent: ${String(error)}\n`);
  process.exitCode = 1;
});
