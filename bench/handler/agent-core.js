// AgentCore as far as a benchmark needs it: answers each call with an event stream of the shape that its payload asks for.
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';

/**
 * @typedef {object} Shape
 * @property {number} events
 * @property {number} bytes of each event
 * @property {number} everyMs from one event to the next; 0 for as fast as they are taken
 */

/** @returns {Promise<{ url: string, close(): void }>} */
export async function startAgentCore() {
  const server = createServer({ noDelay: true, keepAliveTimeout: 0 }, (request, response) => {
    void text(request).then((body) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      send(response, JSON.parse(body));
    });
  });
  await new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(undefined));
  });
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    url: `http://127.0.0.1:${port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/**
 * @param {import('node:http').ServerResponse} response
 * @param {Shape} shape
 */
function send(response, { events, bytes, everyMs }) {
  const event = Buffer.from(`data: ${'x'.repeat(Math.max(1, bytes - 8))}\n\n`);
  const startedAt = performance.now();
  let sent = 0;
  const step = () => {
    const due = everyMs === 0 ? events : Math.floor((performance.now() - startedAt) / everyMs) + 1;
    while (sent < Math.min(events, due)) {
      sent += 1;
      if (sent === events) return response.end(event);
      if (!response.write(event)) return response.once('drain', step);
    }
    return setTimeout(step, Math.max(0, startedAt + sent * everyMs - performance.now()));
  };
  step();
}
