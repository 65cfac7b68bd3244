import net from 'node:net';
import tls from 'node:tls';

/**
 * Asks a Redis server for a PONG, without a client library: this runs before any dependency is installed.
 *
 * @param {string} url `redis://[user[:password]@]host[:port][/db]`, or `rediss:`
 * @param {number} [timeoutMs]
 * @returns {Promise<string | undefined>} undefined when it answers PONG, else what is wrong
 */
export function pingRedis(url, timeoutMs = 3_000) {
  const { hostname, port, protocol, username, password } = new URL(url);
  const address = { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 6379) };
  return new Promise((resolve) => {
    const socket =
      protocol === 'rediss:' ? tls.connect({ ...address, servername: address.host }) : net.connect(address);
    /** @param {string} [problem] */
    const finish = (problem) => {
      socket.destroy();
      resolve(problem);
    };
    socket.setTimeout(timeoutMs, () => finish(`no answer within ${timeoutMs / 1000} s`));
    socket.once('error', (/** @type {NodeJS.ErrnoException} */ error) => finish(error.code ?? error.message));
    socket.once('close', () => finish('the connection was closed'));
    if (password !== '') {
      const credentials = username === '' ? [password] : [username, password];
      socket.write(command('AUTH', ...credentials.map(decodeURIComponent)));
    }
    socket.write(command('PING'));
    let answer = '';
    socket.setEncoding('utf8');
    socket.on('data', (chunk) => {
      answer += chunk;
      const refusal = /^-(.*)\r\n/m.exec(answer)?.[1];
      if (refusal !== undefined) finish(refusal);
      else if (answer.includes('+PONG\r\n')) finish();
    });
  });
}

/** @param {string[]} words */
function command(...words) {
  return `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;
}
