// Sends event streams: raw sockets, HTTP/1.1 chunked, one write an event, on an absolute schedule. Each event begins with the
// sender's monotonic time. Any request gets a stream; when `streams` of them are there, all begin. Prints its port.
//   node sender.js STREAMS EVENTS_PER_SECOND SECONDS
import { createServer } from 'node:net';

const [streams = 100, rate = 10_000, seconds = 3] = process.argv.slice(2).map(Number);
const HEAD =
  'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncache-control: no-cache\r\ntransfer-encoding: chunked\r\n\r\n';
const TICK_MS = 1;

/** @type {import('node:net').Socket[]} */
let sockets = [];

const server = createServer((socket) => {
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  let request = '';
  socket.on('data', (bytes) => {
    request += bytes.toString('latin1');
    if (!isWhole(request)) return;
    request = '';
    socket.write(HEAD);
    sockets.push(socket);
    if (sockets.length < streams) return;
    const all = sockets;
    sockets = [];
    // The receivers settle before the clock runs.
    setTimeout(() => send(all), 200);
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());
  process.stdout.write(`${address.port}\n`);
});

/** @param {string} request */
function isWhole(request) {
  const [head, body] = request.split('\r\n\r\n');
  if (head === undefined || body === undefined) return false;
  const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
  return body.length >= length;
}

/** @param {import('node:net').Socket[]} all */
function send(all) {
  const total = rate * seconds;
  const startedAt = performance.now();
  let sent = 0;
  const timer = setInterval(() => {
    const due = Math.min(total, Math.floor(((performance.now() - startedAt) / 1_000) * rate));
    for (; sent < due; sent += 1) {
      const data = `data: "${monotonicMs().toFixed(3)} word"\n\n`;
      all[sent % all.length]?.write(`${data.length.toString(16)}\r\n${data}\r\n`);
    }
    if (sent < total) return;
    clearInterval(timer);
    for (const socket of all) socket.end('0\r\n\r\n');
  }, TICK_MS);
}

/** CLOCK_MONOTONIC: the same in every process of a machine. */
function monotonicMs() {
  return Number(process.hrtime.bigint()) / 1e6;
}
