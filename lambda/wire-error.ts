import type { WireErrorCode } from '../src/protocol.ts';

/** A failure that the client is told about: `message` is the sentence it reads, so it holds nothing of the account's. */
export class WireError extends Error {
  readonly code: WireErrorCode;

  constructor(code: WireErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
