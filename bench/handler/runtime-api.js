// The Runtime API of Lambda for a benchmark: gives out an event to every poll, and reports what comes back as it comes.
import { createServer } from 'node:http';

/**
 * @typedef {object} Listener
 * @property {(chunk: Buffer) => void} onChunk of the body: the prelude is not told of
 * @property {() => void} onEnd
 */

const NULS = Buffer.alloc(8);

/** @returns {Promise<{ address: string, invoke(event: object, listener: Listener): void, close(): void }>} */
export async function startRuntimeApi() {
  /** @type {import('node:http').ServerResponse[]} */
  const polls = [];
  /** @type {Map<string, Listener>} */
  const listeners = new Map();
  /** @type {{ id: string, event: object }[]} */
  const events = [];

  const dispatch = () => {
    while (polls.length > 0 && events.length > 0) {
      const { id, event } = /** @type {typeof events[0]} */ (events.shift());
      polls
        .shift()
        ?.writeHead(200, { 'lambda-runtime-aws-request-id': id, 'lambda-runtime-deadline-ms': String(Date.now() + 900_000) })
        .end(JSON.stringify(event));
    }
  };

  const server = createServer({ noDelay: true, keepAliveTimeout: 0 }, (request, response) => {
    if (request.method === 'GET') {
      polls.push(response);
      dispatch();
      return;
    }
    const listener = listeners.get(request.url?.split('/').at(-2) ?? '');
    let inBody = false;
    request.on('data', (chunk) => {
      if (inBody) listener?.onChunk(chunk);
      else inBody = chunk.equals(NULS);
    });
    request.on('end', () => {
      response.writeHead(202).end();
      listener?.onEnd();
    });
  });
  await new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(undefined));
  });
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  let count = 0;
  return {
    address: `127.0.0.1:${port}`,
    invoke(event, listener) {
      count += 1;
      listeners.set(String(count), listener);
      events.push({ id: String(count), event });
      dispatch();
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
