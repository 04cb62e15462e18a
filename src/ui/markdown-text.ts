import { printable } from './sanitize.ts';

/** A text that Markdown and HTML take for nothing but text, in a paragraph, a list or a cell of a table. */
export function markdownText(text: string): string {
  return (
    text
      .replaceAll(/[\r\n]+/g, ' ')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll(/[\\`*_{}[\]|~#]/g, String.raw`\$&`)
      // No mention of a person or a team, no link to a page or another issue.
      .replaceAll('@', '&#64;')
      .replaceAll('://', '&#58;//')
  );
}

/** A short text as code. */
export function markdownCode(text: string): string {
  return `\`${printable(text)
    .replaceAll('`', "'")
    .replaceAll('|', String.raw`\|`)}\``;
}

/**
 * A table; nothing without rows.
 * @param rows cells that are Markdown already
 * @param isNumber whether the cells of a column are numbers
 */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[], isNumber: readonly boolean[] = []) {
  if (rows.length === 0) return '';
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, column) => (isNumber[column] ? '---:' : '---'));
  return [head, rule, ...rows].map(line).join('\n');
}
