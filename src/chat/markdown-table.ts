import stringWidth from 'string-width';
import type { Style } from '../ui/terminal.ts';

const SEPARATOR = /^\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?$/;

/**
 * Aligns the rows of a Markdown table. Rows without a separator line, or too wide for the terminal, stay unchanged.
 * @param lines without line ends
 */
export function renderTable(lines: readonly string[], style: Style, columns: number): string {
  const separatorAt = lines.findIndex((line) => SEPARATOR.test(line.trim()));
  const asTheyAre = lines.map((line) => `${line}\n`).join('');
  if (separatorAt !== 1) return asTheyAre;
  const rows = lines.filter((_, index) => index !== separatorAt).map(cells);
  const count = Math.max(...rows.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, index) => Math.max(...rows.map((row) => stringWidth(row[index] ?? ''))));
  const total = widths.reduce((sum, width) => sum + width + 3, 1);
  if (total > columns) return asTheyAre;
  return rows
    .map((row, index) => {
      const line = widths
        .map((width, column) => pad(row[column] ?? '', width))
        .join(' │ ')
        .trimEnd();
      if (index > 0) return `${line}\n`;
      return `${style.bold(line)}\n${style.dim(widths.map((width) => '─'.repeat(width)).join('─┼─'))}\n`;
    })
    .join('');
}

function cells(line: string): string[] {
  return line
    .trim()
    .replace(/^\|/, '')
    .replace(/\|$/, '')
    .split('|')
    .map((cell) => cell.trim());
}

function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - stringWidth(text)));
}
