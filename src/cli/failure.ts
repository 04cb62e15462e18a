import { plainText } from '../ui/sanitize.ts';
import { createStyle, type Terminal } from '../ui/terminal.ts';
import { FIXED_SPACE, fitText } from '../ui/wrap-text.ts';
import { hintText, type Target } from './command-line.ts';
import { AbortError, type AgentstreamError } from './errors.ts';

/** Tells a person of a failure: what happened in one sentence, and what to do about it. */
export function tellFailure(error: AgentstreamError, { stderr, env }: Pick<Terminal, 'stderr' | 'env'>, target: Target): void {
  const style = createStyle(stderr, env);
  const label = error instanceof AbortError ? style.yellow('stopped') : style.red('error');
  const { message, hint } = error;
  const below = hint ? `${style.dim('hint')}: ${hintText(hint, target, FIXED_SPACE)}\n` : '';
  stderr.write(fitText(`${label}: ${plainText(message)}\n${below}`, stderr));
}

/** A failure for programs: `error` of a `result` line. */
export function failureJson({ code, message, hint }: AgentstreamError, target: Target) {
  return { code, message, hint: hint && hintText(hint, target) };
}
