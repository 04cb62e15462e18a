import type { AwsAccess } from '../aws/aws-access.ts';
import { toOperationError } from '../aws/aws-errors.ts';
import { redactArns } from '../aws/arns.ts';
import { hintText, type Target } from '../cli/command-line.ts';
import type { ErrorCode, ServiceCode } from '../cli/error-codes.ts';
import { AgentstreamError, type Hint, OperationError } from '../cli/errors.ts';
import { plainText } from '../ui/sanitize.ts';
import type { Style } from '../ui/terminal.ts';

export interface Check {
  /** For programs: stable, for example `clock`. */
  readonly name: string;
  /** `note`: it could not be checked, or is worth knowing. */
  readonly status: 'ok' | 'note' | 'warning' | 'failed';
  /** A sentence: lower case, without an ARN. */
  readonly text: string;
  readonly hint?: Hint | undefined;
  /** Code of the error with which a deploy ends because of this failure. */
  readonly code?: ErrorCode | ServiceCode;
}

export function ok(name: string, text: string): Check {
  return { name, status: 'ok', text };
}

export function note(name: string, text: string, hint?: Hint): Check {
  return { name, status: 'note', text, hint };
}

export function warning(name: string, text: string, hint: Hint): Check {
  return { name, status: 'warning', text, hint };
}

export function failed(name: string, text: string, hint: Hint | undefined, code?: ErrorCode | ServiceCode): Check {
  return { name, status: 'failed', ...(code && { code }), text, hint };
}

/** A failed check from what was thrown while it asked AWS. */
export function failedBy(name: string, error: unknown, access: AwsAccess): Check {
  const known = toOperationError(error, access);
  const { hint, code } = known instanceof AgentstreamError ? known : {};
  return failed(name, redactArns(known.message), hint, code);
}

/** A note about something that AWS refused to tell, which is not a failure. @param what the subject of the sentence */
export function notChecked(name: string, what: string, error: unknown): Check {
  const reason = redactArns((error as Error).message.split('\n', 1)[0] ?? '');
  return note(name, `${what} could not be checked: ${reason}`);
}

/** @throws {OperationError} the first failure, as an error */
export function throwFailedCheck(checks: readonly Check[]): void {
  const first = checks.find(({ status }) => status === 'failed');
  if (first) throw new OperationError(first.code ?? 'PREFLIGHT_FAILED', first.text, { hint: first.hint });
}

/** A check as a line of `--json`. */
export function checkJson<T extends Check>({ hint, ...check }: T, target: Target) {
  return { type: 'check' as const, ...check, hint: hint && hintText(hint, target) };
}

const WIDTH = 'warning'.length;

/** A check for people: its status and text, and below them what to do. */
export function checkLines({ status, text, hint }: Check, style: Style, target: Target): string {
  const paint = { ok: style.green, note: style.dim, warning: style.yellow, failed: style.red }[status];
  const indent = ' '.repeat(WIDTH + 4);
  const label = paint(status.padEnd(WIDTH));
  const cure = hint && plainText(hintText(hint, target));
  const below = cure ? `${indent}${style.dim('fix')}: ${cure}\n` : '';
  return `  ${label}  ${plainText(text)}\n${below}`;
}
