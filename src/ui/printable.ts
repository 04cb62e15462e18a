const MAX_LENGTH = 60;

/** A text from outside as one short piece of a line: nothing in it can move a cursor, break a line or turn the direction of writing. */
export function printable(text: string): string {
  const plain = text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, '\uFFFD');
  const characters = Array.from(plain);
  return characters.length > MAX_LENGTH
    ? `${characters.slice(0, MAX_LENGTH - 1).join('')}…`
    : plain;
}
