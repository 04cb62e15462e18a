/**
 * The one filter for text from outside (agent, endpoint, AWS, files) before it reaches a terminal or a report: nothing in it can move a
 * cursor or turn the direction of writing. The two zero-width joiners stay: emoji made of several, and Persian and Indic words, need them.
 */
const UNSAFE_IN_TEXT = /[^\P{Cc}\t\n]|(?!\u200C|\u200D)[\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
const UNSAFE_IN_PIECE = /\p{Cc}|(?!\u200C|\u200D)[\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

const MAX_PIECE_LENGTH = 60;

/** A text that may have several lines. Tabs and line feeds stay; a carriage return, with or without a line feed, ends a line. */
export function plainText(text: string): string {
  return text.replaceAll(/\r\n?/g, '\n').replaceAll(UNSAFE_IN_TEXT, '\uFFFD');
}

/** One short piece of a line; what is longer is cut, and ends in an ellipsis. */
export function printable(text: string): string {
  const plain = text.replaceAll(UNSAFE_IN_PIECE, '\uFFFD');
  const characters = Array.from(plain);
  return characters.length > MAX_PIECE_LENGTH ? `${characters.slice(0, MAX_PIECE_LENGTH - 1).join('')}…` : plain;
}
