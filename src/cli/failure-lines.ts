import { AbortError } from './errors.ts';
import type { Style } from '../ui/style.ts';

/** A failure for people: what went wrong in one sentence, and what to do about it. */
export function failureLines(
  error: Error & { readonly hint?: string | undefined },
  style: Style,
): string {
  const label = error instanceof AbortError ? style.yellow('stopped') : style.red('error');
  const hint = error.hint ? `${style.dim('hint')}: ${error.hint}\n` : '';
  return `${label}: ${error.message}\n${hint}`;
}
