import { findCommand, isExecutable } from './find-command.mjs';
import { hasApt, installPackages } from './debian-packages.mjs';
import { SetupError } from './setup-error.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const MAC_APPS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/**
 * Finds a Chromium for the browser tests, or installs Debian's.
 *
 * @param {{ logFile: string, abort?: AbortSignal, detail: (text: string) => void }} options
 * @returns {Promise<string>} its executable
 */
export async function provideChromium({ logFile, abort, detail }) {
  const wish = process.env['CHROMIUM_PATH'];
  if (wish !== undefined && wish !== '') {
    if (isExecutable(wish)) return wish;
    throw new SetupError(`CHROMIUM_PATH: expected an executable, got ${JSON.stringify(wish)}.`);
  }
  const found = findChromium();
  if (found !== undefined) return found;
  if (process.getuid?.() === 0 && hasApt()) {
    detail("installing Debian's chromium");
    await installPackages({ packages: ['chromium'], logFile, ...(abort !== undefined && { abort }) });
    const installed = findChromium();
    if (installed !== undefined) return installed;
  }
  throw new SetupError(`The browser tests need Chromium, which was not found. Install it, or say where it is:
    Debian           sudo apt-get update && sudo apt-get install -y chromium
    Fedora           sudo dnf install -y chromium
    macOS            brew install --cask chromium
    elsewhere        CHROMIUM_PATH=/path/to/chrome npm test
  Without a browser: npm run test:unit and npm run test:integration`);
}

function findChromium() {
  return NAMES.map((name) => findCommand(name)).find((file) => file !== undefined) ?? MAC_APPS.find(isExecutable);
}
