import stringWidth from 'string-width';

/**
 * Breaks a text at its spaces into lines that fit.
 * @param text may hold colours
 * @param columns cells of a line, indent included
 * @param indent before the first line; `hanging` before all others, as wide as `indent` by default
 * @returns lines without line ends; a word that is longer than a line is cut in two
 */
export function wrapText(
  text: string,
  columns: number,
  indent = '',
  hanging = ' '.repeat(stringWidth(indent)),
): string[] {
  const lines: string[] = [];
  let line = indent;
  let isEmpty = true;
  const breakLine = (): void => {
    lines.push(line.trimEnd());
    line = hanging;
    isEmpty = true;
  };
  for (const word of text.split(' ').flatMap((word) => cutWord(word, columns - hanging.length))) {
    const needed = stringWidth(line) + (isEmpty ? 0 : 1) + stringWidth(word);
    if (needed > columns && !isEmpty) breakLine();
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  breakLine();
  return lines;
}

function cutWord(word: string, columns: number): string[] {
  if (stringWidth(word) <= columns) return [word];
  const pieces = [''];
  for (const character of word) {
    const piece = (pieces.at(-1) ?? '') + character;
    if (stringWidth(piece) > columns) pieces.push(character);
    else pieces[pieces.length - 1] = piece;
  }
  return pieces;
}
