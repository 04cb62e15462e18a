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

/** Colours that `createStyle` makes; what foreign text may still contain of them does no harm. */
const COLOUR = String.raw`\u001B\[(?:[123]|2[23]|3[1236]|39)m`;
const UNSAFE_ON_TERMINAL = new RegExp(String.raw`(${COLOUR}|\r(?=\n))|${UNSAFE_IN_TEXT.source}`, 'gu');

/**
 * The last filter: all text for a terminal passes it, however it was split, and the terminal then obeys our colours and line ends alone.
 * The other two keep foreign text plain where it is laid out; this one holds where they were forgotten.
 */
export function terminalText(text: string): string {
  return text.replaceAll(UNSAFE_ON_TERMINAL, (_, own?: string) => own ?? '\uFFFD');
}

/** The JSON of a value, the same for every reader, in which nothing can act on a terminal: also C1 and direction marks are escaped. */
export function printableJson(value: unknown): string {
  const escapeUnits = (found: string): string =>
    Array.from({ length: found.length }, (_, at) => `\\u${found.charCodeAt(at).toString(16).padStart(4, '0')}`).join('');
  return JSON.stringify(value).replaceAll(UNSAFE_IN_TEXT, escapeUnits);
}

/** One short piece of a line; what is longer is cut, and ends in an ellipsis. */
export function printable(text: string): string {
  const plain = text.replaceAll(UNSAFE_IN_PIECE, '\uFFFD');
  const characters = Array.from(plain);
  return characters.length > MAX_PIECE_LENGTH ? `${characters.slice(0, MAX_PIECE_LENGTH - 1).join('')}…` : plain;
}
