/** Turns the chunks of an answer that is no event stream into the data of one event. */
export interface EventWrapper {
  /** @returns bytes that can go out; none while the answer is still short enough to wait for its end */
  push(chunk: Uint8Array): Uint8Array | undefined;
  /** @returns what closes the event; nothing of an empty answer */
  end(): Uint8Array | undefined;
}

/** Until then the event is not opened, so that keep-alive comments can go out while the answer is made; a longer one streams. */
const HELD_BYTES = 262_144;

const LINE_END = /\r\n|\r|\n/g;

/** Works in bytes: neither the answer's length nor its characters matter. */
export function wrapAsEvent(heldBytes = HELD_BYTES): EventWrapper {
  let held: Uint8Array[] = [];
  let bytes = 0;
  let isOpen = false;
  /** A CR at the end of a chunk may be half of a CRLF. */
  let heldCr = '';

  const toData = (): string => {
    const text = heldCr + Buffer.concat(held).toString('latin1');
    held = [];
    heldCr = text.endsWith('\r') ? '\r' : '';
    const lines = text.slice(0, text.length - heldCr.length).replaceAll(LINE_END, '\ndata: ');
    const opening = isOpen ? '' : 'data: ';
    isOpen = true;
    return opening + lines;
  };

  return {
    push(chunk) {
      held.push(chunk);
      bytes += chunk.length;
      return bytes > heldBytes ? Buffer.from(toData(), 'latin1') : undefined;
    },
    end() {
      if (bytes === 0) return undefined;
      return Buffer.from(`${toData()}${heldCr && '\ndata: '}\n\n`, 'latin1');
    },
  };
}
