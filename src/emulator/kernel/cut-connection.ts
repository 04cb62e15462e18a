import type { ServerResponse } from 'node:http';

/**
 * Closes the connection of an answer that has begun, as AWS ends a stream that breaks off: what has been written still leaves, the
 * terminating chunk does not follow it (curl: "transfer closed with outstanding read data remaining").
 */
export function cutConnection(response: ServerResponse): void {
  // To a client that does not read, what is left cannot leave any more.
  if (response.socket && !response.writableNeedDrain) response.socket.destroySoon();
  else response.destroy();
}
