// Logfire's Node SDK as it is. LOGFIRE_TOKEN and LOGFIRE_BASE_URL lead it to the bridge.
// @ts-expect-error -- it is installed beside this file's copy, by the test
import { configure, forceFlush, shutdown, startSpan } from '@pydantic/logfire-node';
import { runAgent } from './agent.mjs';

configure({ serviceName: 'agents', metrics: false });

runAgent({
  start: (name, attributes, parentSpan) => startSpan(name, attributes, parentSpan && { parentSpan }),
  flush: () => forceFlush(),
  close: () => shutdown(),
});
