import { invalidParameter } from './store.ts';

/** A term, maybe behind `?` or `-`: a word, or what stands between quotes. */
const TERM = /\s*([?-]?)(?:"((?:[^"\\]|\\.)*)"|([^\s"]+))(?=\s|$)/gy;

/**
 * Compiles a filter pattern of terms (CloudWatch Logs user guide, "Filter pattern syntax"): a message matches, in the same case, when it
 * has all terms and none behind `-`, or any of the terms behind `?`.
 * @throws {AwsError} InvalidParameterException, also for patterns for JSON, columns and regular expressions
 */
export function compileFilterPattern(pattern: string): (message: string) => boolean {
  const text = pattern.trim();
  if (/^[{[]|%/.test(text)) throw invalidParameter(`the emulator does not support the filter pattern ${text}: it knows terms`);
  const terms = [...text.matchAll(TERM)].map(([, sign = '', quoted, word = '']) => {
    if (quoted === undefined && !/^[\p{L}\p{N}_]+$/u.test(word)) throw invalidParameter(`Invalid character(s) in term '${word}'`);
    return { sign, term: quoted?.replaceAll(/\\(.)/g, '$1') ?? word };
  });
  if (text.replaceAll(TERM, '').trim() !== '') throw invalidParameter('Invalid filter pattern');
  const withSign = (sign: string): string[] => terms.filter((each) => each.sign === sign).map(({ term }) => term);
  const [all, none, any] = [withSign(''), withSign('-'), withSign('?')];
  if (any.length > 0 && any.length < terms.length)
    throw invalidParameter(`the emulator does not support ? beside other terms in the filter pattern ${text}`);
  return (message) =>
    (any.length === 0 || any.some((term) => message.includes(term))) &&
    all.every((term) => message.includes(term)) &&
    !none.some((term) => message.includes(term));
}
