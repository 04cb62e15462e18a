// The bare proxy: a request comes in, the same goes to the agent, and its answer comes back with back-pressure. Nothing else.
import http from 'node:http';
import { text } from 'node:stream/consumers';
import { reportUsage } from './report-usage.js';

const agent = new http.Agent({ keepAlive: true });
const target = process.env['AWS_ENDPOINT_URL'] ?? '';

const server = http.createServer({ noDelay: true, keepAliveTimeout: 0 }, (incoming, outgoing) => {
  void text(incoming).then((body) => {
    const request = http.request(target, { method: 'POST', agent }, (response) => {
      outgoing.writeHead(response.statusCode ?? 500, response.headers);
      response.on('data', (chunk) => {
        if (outgoing.write(chunk)) return;
        response.pause();
        outgoing.once('drain', () => response.resume());
      });
      response.on('end', () => outgoing.end());
    });
    request.end(body);
  });
});
server.listen(0, '127.0.0.1', () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  process.send?.({ port });
});
reportUsage();
