import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';

/**
 * Breaks a text at its spaces into lines that fit.
 * @param text may hold colours
 * @param columns cells of a line, indent included
 * @param indent before the first line; `hanging` before all others, as wide as `indent` by default
 * @returns lines without line ends; a word that is longer than a line is cut in two
 */
export function wrapText(text: string, columns: number, indent = '', hanging = ' '.repeat(stringWidth(indent))): string[] {
  const width = columns - Math.max(stringWidth(indent), stringWidth(hanging));
  return wrapAnsi(text, Math.max(1, width), { hard: true })
    .split('\n')
    .map((line, index) => `${index === 0 ? indent : hanging}${line}`.trimEnd());
}
