// Old syntax only: this file has to be parsed by the very versions it refuses.
const MINIMUM_MAJOR = 20;
const MINIMUM_MINOR = 19;

/**
 * Ends the process with a clear message when Node is too old to run the project.
 *
 * @param {string} [version] as in process.versions.node
 */
export function requireNodeVersion(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isNewEnough = major > MINIMUM_MAJOR || (major === MINIMUM_MAJOR && minor >= MINIMUM_MINOR);
  if (isNewEnough) return;
  process.stderr.write(
    '✖ Node.js ' +
      MINIMUM_MAJOR +
      '.' +
      MINIMUM_MINOR +
      ' or newer is needed; this is ' +
      version +
      ' (' +
      process.execPath +
      ').\n' +
      '  Install it from https://nodejs.org, or with nvm: nvm install 22\n',
  );
  process.exit(1);
}
