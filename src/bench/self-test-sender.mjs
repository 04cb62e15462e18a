// The other side of the self-test, in a thread of its own: an HTTP server on loopback that tells its port to the main thread.
//   POST /once/...     one event, at once
//   POST /stream/...   EVENTS events, INTERVAL_MS apart by an absolute schedule, each with the monotonic time at which it was written
import { createServer } from 'node:http';
import { parentPort } from 'node:worker_threads';

const EVENTS = 40;
const INTERVAL_MS = 10;

const server = createServer((request, response) => {
  request.resume();
  request.once('end', () => {
    response.socket?.setNoDelay(true);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    if (request.url?.startsWith('/stream/')) stream(response);
    else response.end(event());
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());
  parentPort?.postMessage({ port: address.port }, []);
});

/** @param {import('node:http').ServerResponse} response */
function stream(response) {
  const startedAt = performance.now();
  let sent = 0;
  const next = () => {
    for (; sent < EVENTS && performance.now() >= startedAt + sent * INTERVAL_MS; sent += 1) response.write(event());
    if (sent === EVENTS) response.end();
    else setTimeout(next, startedAt + sent * INTERVAL_MS - performance.now());
  };
  next();
}

function event() {
  const [seconds, nanos] = process.hrtime();
  return `data: "${(seconds * 1_000 + nanos / 1_000_000).toFixed(4)}"\n\n`;
}
