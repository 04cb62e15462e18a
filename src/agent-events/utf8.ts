/**
 * Decodes UTF-8 that comes in pieces cut anywhere. By hand, since TextDecoder with `stream` costs three times as much for the small
 * reads of a stream (`npm run bench:receive`). Bytes that are not UTF-8 become U+FFFD; a byte order mark at the very start is dropped.
 */
export class Utf8Decoder {
  #rest: Uint8Array | undefined;
  #isStart = true;

  /** @returns what is complete; a character cut by the end of the bytes waits for the next ones */
  decode(bytes: Uint8Array): string {
    const all = toBuffer(this.#rest ? Buffer.concat([this.#rest, bytes]) : bytes);
    const tail = incompleteTail(all);
    // Copied: the read's own memory must not be held by a few bytes of it.
    this.#rest = tail === 0 ? undefined : Uint8Array.from(all.subarray(all.length - tail));
    // Without arguments it is the faster.
    const text = tail === 0 ? all.toString() : all.toString('utf8', 0, all.length - tail);
    if (!this.#isStart || text === '') return text;
    this.#isStart = false;
    return text.codePointAt(0) === BYTE_ORDER_MARK ? text.slice(1) : text;
  }

  /** Whether the bytes so far end within a character. */
  get isWithinCharacter(): boolean {
    return this.#rest !== undefined;
  }
}

const BYTE_ORDER_MARK = 0xfeff;

function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** How many bytes at the end begin a character whose other bytes are still to come: 0 to 3. */
function incompleteTail(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) {
      const size = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return size > back ? back : 0;
    }
  }
  return 0;
}

/** Decodes UTF-8 that comes as base64 in pieces cut anywhere: `chunk.bytes` of Bedrock's events in JSON. */
export class Base64Decoder {
  #text: TextDecoder | undefined;

  /** @returns the text, or the piece unchanged when it is not base64: agents that have decoded it send text */
  decode(piece: string): string {
    if (piece.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(piece)) return piece;
    this.#text ??= new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    try {
      return this.#text.decode(Buffer.from(piece, 'base64'), { stream: true });
    } catch {
      this.#text = undefined;
      return piece;
    }
  }
}
