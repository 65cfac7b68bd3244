#!/usr/bin/env node
/**
 * Runs the tests of the integrations against the oldest versions of their SDKs that the peer ranges allow. What is installed
 * goes into a folder of its own, and is removed again.
 *
 *     npm run check:peers [-- langchain …]
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { requireNodeVersion } from './lib/node-version.mjs';

requireNodeVersion();
const root = path.resolve(import.meta.dirname, '..');
const { peerDependencies, devDependencies } = JSON.parse(
  readFileSync(path.join(root, 'integrations/package.json'), 'utf8'),
);

const { zod } = devDependencies;

/**
 * By the folder of the integration: its SDK, what its tests use beside it, as it was when that version came out, and the tests of what
 * that version did not have yet.
 *
 * @type {Record<string, { sdk: string, beside?: Record<string, string>, overrides?: Record<string, string>, tooNew?: string[] }>}
 */
const INTEGRATIONS = {
  'ai-sdk': { sdk: 'ai', beside: { '@ai-sdk/openai': '3.0.0', zod } },
  anthropic: {
    sdk: '@anthropic-ai/sdk',
    tooNew: ['is what parse() makes', 'is what the runner of tools', "leaves the client's own spans"],
  },
  langchain: {
    sdk: '@langchain/core',
    beside: { '@langchain/langgraph': '1.0.7', '@langchain/openai': '1.2.0', zod },
    // A later one needs a later core than it says.
    overrides: { '@langchain/langgraph-checkpoint': '1.0.0' },
  },
  mcp: { sdk: '@modelcontextprotocol/sdk', beside: { zod } },
  openai: { sdk: 'openai' },
};

/** The first version of a range: `^5.0.1 || ^6.0.0` begins with 5.0.1. @param {string} range */
const oldestOf = (range) => /\d+\.\d+\.\d+/.exec(range)?.[0] ?? range;

/** Text as a pattern that it matches. @param {string} text */
const escaped = (text) => text.replaceAll(/[()]/g, String.raw`\$&`);

/** @param {string} command @param {string[]} args @param {string} cwd @returns whether it ends well */
function run(command, args, cwd, env = {}) {
  return spawnSync(command, args, { cwd, stdio: 'inherit', env: { ...process.env, ...env } }).status === 0;
}

/** @param {string} integration @returns whether its tests pass */
function check(integration) {
  const { sdk, beside = {}, overrides = {}, tooNew = [] } = INTEGRATIONS[integration] ?? { sdk: integration };
  const dependencies = { [sdk]: oldestOf(peerDependencies[sdk]), ...beside };
  console.log(`\n${integration}: ${JSON.stringify(dependencies)}`);
  const dir = mkdtempSync(path.join(tmpdir(), 'flow-peers-'));
  try {
    writeFileSync(path.join(dir, 'package.json'), JSON.stringify({ private: true, dependencies, overrides }));
    if (!run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], dir)) return false;
    const jest = ['jest', '--config', 'test/support/peers.jest.config.mjs', `integrations/src/${integration}/`];
    if (tooNew.length > 0) jest.push('--testNamePattern', `^(?!.*(${tooNew.map(escaped).join('|')}))`);
    return run('npx', jest, root, { FLOW_PEERS_DIR: dir });
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

const asked = process.argv.slice(2);
const unknown = asked.find((name) => !(name in INTEGRATIONS));
if (unknown !== undefined) {
  console.error(`Expected one of ${Object.keys(INTEGRATIONS).join(', ')}; got ${unknown}`);
  process.exit(2);
}
const failed = (asked.length > 0 ? asked : Object.keys(INTEGRATIONS)).filter((name) => !check(name));
if (failed.length > 0) console.error(`\nFailed: ${failed.join(', ')}`);
process.exitCode = failed.length > 0 ? 1 : 0;
