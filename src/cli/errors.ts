import type { ErrorCode, ServiceCode } from './error-codes.ts';
import { EXIT } from './exit-codes.ts';

/** A command line as data: the program and its arguments, unquoted. Whoever prints it adds the flags of the run. */
export type CommandWords = readonly string[];

/** A remedy: a text, or texts and commands in turn. */
export type Hint = string | { readonly parts: readonly (string | CommandWords)[] };

/** Details that accompany a message. */
export interface ErrorDetail {
  readonly hint?: Hint | undefined;
  readonly cause?: unknown;
  /** The document that the command printed with `--json` contains the failure already. */
  readonly isInDocument?: boolean;
}

/** Base of every foreseen error. Messages are lower case and hold the wrong value. */
export abstract class AgentstreamError extends Error {
  /** For programs: upper case, stable. */
  readonly code: ErrorCode | ServiceCode;
  /** A caller that knows more may replace it. */
  hint: Hint | undefined;
  readonly isInDocument: boolean;
  abstract readonly exitCode: number;

  constructor(code: ErrorCode | ServiceCode, message: string, detail: ErrorDetail = {}) {
    super(message, { cause: detail.cause });
    this.name = new.target.name;
    this.code = code;
    this.hint = detail.hint;
    this.isInDocument = detail.isInDocument === true;
  }
}

/** AWS, the network or the agent failed or refused. AWS's own code is kept where this program has no better one. */
export class OperationError extends AgentstreamError {
  readonly exitCode: number = EXIT.operation;
}

/** A stream that had begun failed. Its output up to there has been printed. */
export class StreamError extends OperationError {
  override readonly exitCode: number = EXIT.stream;
}

/** The command was given something that cannot work. */
export class UsageError extends AgentstreamError {
  readonly exitCode = EXIT.usage;
}

/** A threshold does not hold. */
export class ThresholdError extends AgentstreamError {
  readonly exitCode = EXIT.threshold;
}

/** The measurement was not valid, or too small to judge by. */
export class InconclusiveError extends AgentstreamError {
  readonly exitCode = EXIT.inconclusive;
}

/** The user stopped the command, by Ctrl-C or by an answer. */
export class AbortError extends AgentstreamError {
  readonly exitCode = EXIT.aborted;

  constructor(message = 'interrupted', detail: ErrorDetail = {}) {
    super('ABORTED', message, detail);
  }
}

/** Whether a signal was aborted: an AbortError of this program or of the platform. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

/** Why a file cannot be read or written, in words; the system's own for a reason without any. */
export function fileProblem({ code = '', message }: NodeJS.ErrnoException, isRead = false): string {
  if (code === 'ENOENT') return isRead ? 'there is no such file' : 'there is no such folder';
  return FILE_PROBLEMS[code] ?? message;
}

const FILE_PROBLEMS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EEXIST: 'there is one already, and it is not overwritten',
  EISDIR: 'it is a folder',
  ENOTDIR: 'its folder is a file',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'it would be larger than files may be here',
  EROFS: 'the disk is read-only',
};

/** The error of an output that could not be written. @param name of the file, or `stdout` */
export function cannotWrite(name: string, cause: Error): OperationError {
  return new OperationError('CANNOT_WRITE', `could not write ${name}: ${fileProblem(cause)}`, { cause });
}

/**
 * A hint with commands in it: hint`end the older key first: ${['agentstream', 'key', 'retire']}`.
 * Its parts are texts, commands and other hints.
 */
export function hint(texts: TemplateStringsArray, ...values: readonly (Hint | CommandWords)[]): Hint {
  const parts = texts.flatMap((text, index) => [text, ...partsOf(values[index] ?? '')]);
  return { parts: parts.filter((part) => part !== '') };
}

function partsOf(value: Hint | CommandWords): readonly (string | CommandWords)[] {
  if (typeof value === 'string') return [value];
  return 'parts' in value ? value.parts : [value];
}
