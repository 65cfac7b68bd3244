// Takes what OpenTelemetry exports and throws it away, as a collector on the same machine would take it. A process of
// its own, so that its work is not the server's.
import { createServer } from 'node:http';

const server = createServer((req, res) => {
  req.resume();
  req.on('end', () => res.writeHead(200, { 'content-type': 'application/x-protobuf' }).end());
});
server.listen(0, '127.0.0.1', () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  process.send?.({ port });
});
process.on('disconnect', () => process.exit(0));
