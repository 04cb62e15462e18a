import { parseObject } from '../../kernel/properties.ts';
import { readResponseHead, type ResponseHead } from './response-headers.ts';

/** Whether a prelude is complete, and its content. */
type PreludeState =
  | { readonly type: 'incomplete' }
  | { readonly type: 'invalid' }
  | { readonly type: 'complete'; readonly head: ResponseHead; readonly rest: Buffer };

const DELIMITER = Buffer.alloc(8);
const METADATA_KEYS = ['statusCode', 'headers', 'multiValueHeaders', 'cookies'];

/**
 * Reads the prelude that a function has to send in a STREAM integration: metadata JSON, then eight NUL bytes, wherever the chunks are
 * split (developer guide, "Set up a Lambda proxy integration with payload response streaming").
 * @param limitBytes the delimiter has to end within these; AWS does not document whether its NULs count: here they do
 */
export function createPreludeParser(limitBytes: number) {
  let received: Buffer = Buffer.alloc(0);
  return {
    /** Takes the next chunk; not to be called again once the prelude is complete or invalid. */
    push(chunk: Buffer): PreludeState {
      received = Buffer.concat([received, chunk]);
      const end = received.indexOf(DELIMITER);
      if (end === -1) return received.length >= limitBytes ? { type: 'invalid' } : { type: 'incomplete' };
      const bodyStart = end + DELIMITER.length;
      const metadata = bodyStart > limitBytes ? undefined : parseObject(received.toString('utf8', 0, end));
      const head = metadata && readResponseHead(metadata, METADATA_KEYS);
      if (!head) return { type: 'invalid' };
      return { type: 'complete', head, rest: received.subarray(bodyStart) };
    },
  };
}
