import { plainText } from '../ui/sanitize.ts';
import type { Style } from '../ui/terminal.ts';
import { hintText, type Target } from './command-line.ts';
import { AbortError, type AgentstreamError } from './errors.ts';

/** A failure for people: what happened in one sentence, and what to do about it. */
export function failureLines(error: AgentstreamError, style: Style, target: Target): string {
  const label = error instanceof AbortError ? style.yellow('stopped') : style.red('error');
  const { message, hint } = error;
  const below = hint ? `${style.dim('hint')}: ${hintText(hint, target)}\n` : '';
  return `${label}: ${plainText(message)}\n${below}`;
}

/** A failure for programs: `error` of a `result` line. */
export function failureJson(
  { code, message, hint }: AgentstreamError,
  target: Target,
): { readonly code: string; readonly message: string; readonly hint: string | undefined } {
  return { code, message, hint: hint && hintText(hint, target) };
}
