import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** Writes one chunk at once and, when the socket is full, waits for its drain. @returns false when the client has gone */
export async function writeChunk(response: ServerResponse, chunk: Uint8Array): Promise<boolean> {
  if (response.destroyed) return false;
  if (response.write(chunk)) return true;
  // `drain` never comes once the client has closed; `close` always does.
  const done = new AbortController();
  await Promise.race([once(response, 'drain', { signal: done.signal }), once(response, 'close', { signal: done.signal })]).catch(
    () => undefined,
  );
  done.abort();
  return !response.destroyed;
}

/**
 * Reads a request's body. What is above the limit is read and discarded, so that the client reads the answer.
 * @returns undefined when it is longer
 */
export async function readWhole(incoming: IncomingMessage, limitBytes: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = Number(incoming.headers['content-length'] ?? 0);
  if (length <= limitBytes) {
    length = 0;
    for await (const chunk of incoming.iterator({ destroyOnReturn: false })) {
      length += (chunk as Buffer).length;
      if (length > limitBytes) break;
      chunks.push(chunk as Buffer);
    }
    if (length <= limitBytes) return Buffer.concat(chunks);
  }
  incoming.resume();
  return undefined;
}

/** Ends a broken answer as AWS does: what is written leaves, the terminating chunk does not (curl: "transfer closed"). */
export function cutConnection(response: ServerResponse): void {
  // Since Node 26.9 a response holds the chunks of a tick back to send them as one (nodejs/node#64987). The socket does not know of
  // them yet, and would close without them.
  while (response.writableCorked > 0) response.uncork();
  // To a client that does not read, what is left cannot leave any more.
  if (response.socket && !response.writableNeedDrain) response.socket.destroySoon();
  else response.destroy();
}
