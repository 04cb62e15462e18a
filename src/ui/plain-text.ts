/** A text from outside that may have several lines: nothing in it can move a cursor or turn the direction of writing. Tabs stay. */
export function plainText(text: string): string {
  return text.replaceAll(/[^\P{Cc}\t\n]|[\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, '\uFFFD');
}
