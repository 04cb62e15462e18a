import { once } from 'node:events';
import type { ServerResponse } from 'node:http';

/**
 * Writes one chunk towards a client at once and, when the socket is full, waits until it has drained.
 * @returns false when the client has gone: nothing more can be written
 */
export async function writeChunk(response: ServerResponse, chunk: Uint8Array): Promise<boolean> {
  if (response.destroyed) return false;
  if (response.write(chunk)) return true;
  // `drain` never comes once the client has closed; `close` always does.
  const done = new AbortController();
  await Promise.race([
    once(response, 'drain', { signal: done.signal }),
    once(response, 'close', { signal: done.signal }),
  ]).catch(() => undefined);
  done.abort();
  return !response.destroyed;
}
