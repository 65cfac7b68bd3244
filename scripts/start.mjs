#!/usr/bin/env node
import { requireNodeVersion } from './lib/node-version.mjs';

const GRAFANA = '--grafana=';
const HELP = `Usage: npm start [-- --grafana=12|13]

Installs and builds what is missing, then runs Redis, Postgres, the bridge, the demo (a chat server, and an agent that knows only
OpenTelemetry) and the preview of the Grafana dashboards, until Ctrl-C. No Docker is needed.

  REDIS_URL            use this Redis                     default: one of our own, in FLOW_DATA_DIR
  DATABASE_URL         use this Postgres                  default: one of our own, in FLOW_DATA_DIR
  FLOW_BRIDGE_PORT     port of the bridge                 default: 8090
  FLOW_DEMO_PORT       port of the chat server            default: 3001
  FLOW_PREVIEW_PORT    port of the preview                default: 3000
  FLOW_PREVIEW         off: leave the preview out         default: on
  FLOW_PREVIEW_GRAFANA 12 or 13: the major of Grafana's libraries that the preview is made of, as --grafana does
                                                          default: 12
  FLOW_DEMO_TRAFFIC    off: no simulated traffic          default: on
  FLOW_DATA_DIR        databases, logs, pid files         default: .flow
`;

requireNodeVersion();
if (process.argv.slice(2).some((argument) => argument === '--help' || argument === '-h')) {
  process.stdout.write(HELP);
} else if (process.argv.slice(2).some((argument) => !argument.startsWith(GRAFANA))) {
  process.stderr.write(`✖ Unknown argument: ${process.argv.slice(2).join(' ')}\n\n${HELP}`);
  process.exitCode = 2;
} else {
  const grafana = process.argv[2]?.slice(GRAFANA.length);
  if (grafana !== undefined) process.env['FLOW_PREVIEW_GRAFANA'] = grafana;
  // Loaded only now: a Node that is too old could not even parse it.
  const { runUntilStopped } = await import('./lib/run-until-stopped.mjs');
  await runUntilStopped();
}
