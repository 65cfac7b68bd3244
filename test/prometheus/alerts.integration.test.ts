import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const RULES = path.join(__dirname, '..', '..', 'provisioning', 'prometheus', 'flow-bridge.rules.yaml');
const TESTS = path.join(__dirname, 'flow-bridge.rules.test.yaml');

const HOW_TO_GET_PROMTOOL = `promtool, which comes with Prometheus, was not found. Install it and run this test again:
    Debian, Ubuntu   sudo apt-get update && sudo apt-get install -y --no-install-recommends prometheus
    Fedora           sudo dnf install -y golang-github-prometheus
    macOS            brew install prometheus
    elsewhere        https://prometheus.io/download, with promtool on the PATH`;

/** Prometheus' own judgement; npm run test:integration provides it. */
async function promtool(...args: string[]): Promise<string> {
  const command = process.env['FLOW_TEST_PROMTOOL'];
  if (command === undefined) throw new Error(HOW_TO_GET_PROMTOOL);
  const { stdout } = await run(command, args);
  return stdout;
}

describe('the alerts', () => {
  it('are rules that Prometheus takes', async () => {
    expect(await promtool('check', 'rules', RULES)).toMatch(/SUCCESS: \d+ rules found/);
  });

  it('fire for what they are for, and for nothing else', async () => {
    expect(await promtool('test', 'rules', TESTS)).toContain('SUCCESS');
  });
});
