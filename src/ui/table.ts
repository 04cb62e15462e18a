import stringWidth from 'string-width';
import { fitText, type Width } from './wrap-text.ts';

/** Two columns, the first padded: `name   value`, a line each. @param output a terminal's lines are broken between words */
export function keyValueLines(rows: readonly (readonly [string, string])[], indent = '', output?: Width): string {
  const width = Math.max(0, ...rows.map(([name]) => name.length));
  const hanging = ' '.repeat(indent.length + width + 2);
  const rest = output && { ...output, columns: output.columns - hanging.length };
  return rows
    .map(([name, value]) => `${indent}${name.padEnd(width)}  ${fitText(value, rest).replaceAll('\n', `\n${hanging}`)}\n`)
    .join('');
}

/**
 * Rows of cells in columns: the first column is aligned to the left, all others to the right, unless `isRight` says otherwise.
 * @param rows of one length
 * @returns lines of one width, without line ends
 */
export function alignRows(
  rows: readonly (readonly string[])[],
  { gap = 2, isRight = (column) => column > 0 }: { readonly gap?: number; readonly isRight?: (column: number) => boolean } = {},
): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => stringWidth(row[column] ?? ''))));
  return rows.map((row) => {
    const cells = widths.map((width, column) => {
      const cell = row[column] ?? '';
      const space = ' '.repeat(width - stringWidth(cell));
      return isRight(column) ? space + cell : cell + space;
    });
    return `  ${cells.join(' '.repeat(gap))}`;
  });
}
