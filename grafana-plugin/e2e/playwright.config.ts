import type { PluginOptions } from '@grafana/plugin-e2e';
import { defineConfig, devices } from '@playwright/test';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readConfig } from './support/config.js';

const { adminPassword, grafanaUrl, heldMs } = readConfig();
const authDir = dirname(fileURLToPath(import.meta.resolve('@grafana/plugin-e2e/package.json'))) + '/dist/auth';
const admin = { user: 'admin', password: adminPassword };
/** Made by the test run; the password opens nothing but this Grafana. */
const viewer = { user: 'flow-viewer', password: adminPassword, role: 'Viewer' as const };
const chrome = devices['Desktop Chrome'];

// Everything in turn: the specs share one bridge and its grants.
export default defineConfig<PluginOptions>({
  testDir: './specs',
  fullyParallel: false,
  workers: 1,
  forbidOnly: process.env['CI'] !== undefined,
  retries: 0,
  timeout: 60_000,
  outputDir: 'test-results/runs',
  reporter: [['list'], ['html', { open: 'never', outputFolder: 'test-results/report' }]],
  use: { baseURL: grafanaUrl, grafanaAPICredentials: admin, trace: 'retain-on-failure', screenshot: 'only-on-failure' },
  projects: [
    { name: 'login', testDir: authDir, testMatch: /auth\.setup\.js/, use: { user: admin } },
    { name: 'login-viewer', testDir: authDir, testMatch: /auth\.setup\.js/, use: { user: viewer } },
    {
      name: 'admin',
      testIgnore: /viewer|held/,
      use: { ...chrome, storageState: 'playwright/.auth/admin.json' },
      dependencies: ['login'],
    },
    {
      name: 'viewer',
      testMatch: /viewer/,
      use: { ...chrome, storageState: `playwright/.auth/${viewer.user}.json` },
      dependencies: ['login-viewer'],
    },
    {
      name: 'held',
      testMatch: /held/,
      timeout: heldMs + 60_000,
      use: { ...chrome, storageState: 'playwright/.auth/admin.json' },
      dependencies: ['login'],
    },
  ],
});
