export interface BodyText {
  push(bytes: Uint8Array): void;
  text(): string;
  /** Bytes past the bound. */
  readonly lostBytes: number;
}

/**
 * Collects a UTF-8 body up to a bound.
 * @param maxBytes what is kept; a character cut by the bound is left out
 */
export function createBodyText(maxBytes: number): BodyText {
  const decoder = new TextDecoder();
  let text = '';
  let kept = 0;
  let lostBytes = 0;
  return {
    push(bytes) {
      const taken = Math.min(bytes.length, maxBytes - kept);
      kept += taken;
      lostBytes += bytes.length - taken;
      if (taken > 0) text += decoder.decode(bytes.subarray(0, taken), { stream: true });
    },
    text: () => text,
    get lostBytes() {
      return lostBytes;
    },
  };
}
