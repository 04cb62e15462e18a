import { EXIT } from './exit-codes.ts';

/** What goes with a message. */
export interface ErrorDetail {
  /** What to do about it: a sentence, or a command that works as printed. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
  /** The document that the command has printed with `--json` says it already. */
  readonly isInDocument?: boolean;
}

/** Base of every error that we foresee. Messages are lower case and hold the wrong value. */
export abstract class AgentstreamError extends Error {
  /** For programs: upper case, stable. */
  readonly code: string;
  readonly hint: string | undefined;
  readonly isInDocument: boolean;
  abstract readonly exitCode: number;

  constructor(code: string, message: string, detail: ErrorDetail = {}) {
    super(message, { cause: detail.cause });
    this.name = new.target.name;
    this.code = code;
    this.hint = detail.hint;
    this.isInDocument = detail.isInDocument === true;
  }
}

/** The world said no. Codes: see where they are thrown; `code` of an AWS error is kept when there is no better one. */
export class OperationError extends AgentstreamError {
  readonly exitCode: number = EXIT.operation;
}

/** A stream had begun and did not end well. What came of it has been shown. */
export class StreamError extends OperationError {
  override readonly exitCode: number = EXIT.stream;
}

/** The command was given something that cannot work. */
export class UsageError extends AgentstreamError {
  readonly exitCode = EXIT.usage;
}

/** A gate did not hold. */
export class ThresholdError extends AgentstreamError {
  readonly exitCode = EXIT.threshold;
}

/** Nothing can be said: the measurement was not valid, or there was too little of it. */
export class InconclusiveError extends AgentstreamError {
  readonly exitCode = EXIT.inconclusive;
}

/** The person said stop, by Ctrl-C or at a question. */
export class AbortError extends AgentstreamError {
  readonly exitCode = EXIT.aborted;

  constructor(message = 'interrupted', detail: ErrorDetail = {}) {
    super('ABORTED', message, detail);
  }
}

/** A signal was aborted: an AbortError of ours or of the platform's. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
