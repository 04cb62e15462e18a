import type { IncomingMessage } from 'node:http';
import { GatewayError } from './gateway-error.ts';

/**
 * Reads the body of a request.
 * @throws {GatewayError} 413 as soon as it is longer than `limitBytes`; no GatewayResponse changes that one (developer guide,
 * "Amazon API Gateway important notes"), and it is plain text, as those report who have met it
 */
export async function readBody(incoming: IncomingMessage, limitBytes: number): Promise<Buffer> {
  const declared = Number(incoming.headers['content-length'] ?? 0);
  const chunks: Buffer[] = [];
  let length = 0;
  if (declared <= limitBytes) {
    for await (const chunk of incoming.iterator({ destroyOnReturn: false })) {
      length += (chunk as Buffer).length;
      if (length > limitBytes) break;
      chunks.push(chunk as Buffer);
    }
  }
  if (declared <= limitBytes && length <= limitBytes) return Buffer.concat(chunks);
  // The rest is read away, so that the client gets to see the answer.
  incoming.resume();
  throw new GatewayError(
    undefined,
    413,
    'RequestEntityTooLargeException',
    `HTTP content length exceeded ${limitBytes} bytes.`,
    { plainText: true },
  );
}
