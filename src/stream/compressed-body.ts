import { brotliDecompressSync, constants, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';

/** Encodings of HTTP that are undone here (RFC 9110, "Content Codings"). */
type Encoding = 'gzip' | 'deflate' | 'br';

const NAMES: Readonly<Record<string, Encoding>> = { gzip: 'gzip', 'x-gzip': 'gzip', deflate: 'deflate', br: 'br' };

/** How a body is compressed: by its header, which AgentCore drops, or by its first bytes (RFC 1952 gzip, RFC 1950 zlib). */
export function encodingOf(header: string | undefined, first: Uint8Array): Encoding | undefined {
  const named = NAMES[header?.trim().toLowerCase() ?? ''];
  if (named) return named;
  const [one, two] = first;
  if (one === 0x1f && (two === 0x8b || two === undefined)) return 'gzip';
  return one === 0x78 && (two === 0x01 || two === 0x9c || two === 0xda) ? 'deflate' : undefined;
}

/** Bytes kept of a compressed body, and at most made of it. */
const MAX_BYTES = 33_554_432;

const OPTIONS = { maxOutputLength: MAX_BYTES, finishFlush: constants.Z_SYNC_FLUSH };
const BROTLI_OPTIONS = { maxOutputLength: MAX_BYTES, finishFlush: constants.BROTLI_OPERATION_FLUSH };

export type CompressedBody = ReturnType<typeof createCompressedBody>;

/** A compressed body, which can be read only as a whole. */
export function createCompressedBody(encoding: Encoding) {
  const chunks: Uint8Array[] = [];
  let length = 0;
  return {
    push(bytes: Uint8Array): void {
      length += bytes.length;
      if (length <= MAX_BYTES) chunks.push(bytes);
    },
    /** @returns what has come, undone, or as it is when it cannot be */
    read(): { readonly bytes: Buffer; readonly isUndone: boolean } {
      const bytes = Buffer.concat(chunks);
      try {
        return { bytes: decompress(encoding, bytes), isUndone: true };
      } catch {
        return { bytes, isUndone: false };
      }
    },
    /** Says what it is to a person. */
    get description() {
      return `${length} bytes of ${encoding}`;
    },
  };
}

function decompress(encoding: Encoding, bytes: Buffer): Buffer {
  if (encoding === 'br') return brotliDecompressSync(bytes, BROTLI_OPTIONS);
  if (encoding === 'gzip') return gunzipSync(bytes, OPTIONS);
  // Some servers leave the frame of zlib out.
  return isZlib(bytes) ? inflateSync(bytes, OPTIONS) : inflateRawSync(bytes, OPTIONS);
}

function isZlib([first = 0, second = 0]: Uint8Array): boolean {
  return (first & 0x0f) === 8 && ((first << 8) | second) % 31 === 0;
}
