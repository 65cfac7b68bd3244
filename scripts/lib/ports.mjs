import net from 'node:net';
import { portOwner } from './port-owner.mjs';
import { SetupError } from './setup-error.mjs';

/**
 * A port nobody listens on at this moment.
 *
 * @returns {Promise<number>}
 */
export async function freePort() {
  const server = net.createServer();
  await listen(server, 0, '127.0.0.1');
  const { port } = /** @type {net.AddressInfo} */ (server.address());
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/**
 * @param {{ port: number, variable: string, what: string }[]} wanted
 * @throws {SetupError} naming every port that is taken, who has it and the variable that chooses another
 */
export async function requireFreePorts(wanted) {
  const problems = [];
  for (const [i, { port, variable, what }] of wanted.entries()) {
    const twin = wanted.slice(0, i).find((other) => other.port === port);
    if (twin !== undefined) {
      problems.push(`${variable} and ${twin.variable} are both ${port}: each needs its own port.`);
    } else if (await isTaken(port)) {
      const owner = portOwner(port);
      const by = owner === undefined ? '' : ` by ${owner.name} (pid ${owner.pid})`;
      problems.push(
        `Port ${port}, for the ${what}, is already in use${by}.\n` +
          `  Stop that, or choose another port: ${variable}=${port + 10} npm start`,
      );
    }
  }
  if (problems.length > 0) throw new SetupError(problems.join('\n'));
}

/**
 * Both loopback addresses count: `localhost` may mean either, and a stranger on the other one would get our requests.
 *
 * @param {number} port
 */
async function isTaken(port) {
  for (const host of ['127.0.0.1', '::1']) {
    // macOS lets a second server bind the loopback address beside one that has every address, so ask first.
    if ((await canConnect(host, port)) || !(await canListen(host, port))) return true;
  }
  return false;
}

/**
 * @param {string} host
 * @param {number} port
 * @param {number} [timeoutMs]
 * @returns {Promise<boolean>}
 */
export function canConnect(host, port, timeoutMs = 500) {
  return new Promise((resolve) => {
    const socket = net.connect({ host, port, timeout: timeoutMs });
    /** @param {boolean} result */
    const finish = (result) => {
      socket.destroy();
      resolve(result);
    };
    socket.once('connect', () => finish(true));
    socket.once('timeout', () => finish(false));
    socket.once('error', () => finish(false));
  });
}

/** @param {string} host @param {number} port */
async function canListen(host, port) {
  const server = net.createServer();
  try {
    await listen(server, port, host);
    await new Promise((resolve) => server.close(resolve));
    return true;
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    if (code === 'EACCES') throw new SetupError(`Port ${port} may not be used without more rights (below 1024).`);
    // Any other code says that the machine does not have this address, such as IPv6's.
    return code !== 'EADDRINUSE';
  }
}

/**
 * @param {net.Server} server
 * @param {number} port
 * @param {string} host
 */
function listen(server, port, host) {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host, exclusive: true }, () => resolve(undefined));
  });
}
