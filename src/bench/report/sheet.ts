import type { Style } from '../../ui/style.ts';
import { wrapText } from '../../ui/wrap-text.ts';

/** Width and style of a printed report. */
export interface Sheet {
  /** Cells of a line, 40 at least. */
  readonly columns: number;
  readonly style: Style;
}

export const INDENT = '  ';

/** A title and its lines; nothing without lines. */
export function section(title: string, lines: readonly string[], { style, columns }: Sheet): string[] {
  return lines.length === 0 ? [] : [...wrapText(title, columns).map(style.bold), ...lines];
}

/** A sentence below a title. */
export function paragraph(text: string, { columns }: Sheet, paint: (line: string) => string = String): string[] {
  return wrapText(text, columns, INDENT).map(paint);
}

/** A sentence that belongs to the line above it. */
export function remark(text: string, { columns }: Sheet, paint: (line: string) => string = String): string[] {
  return wrapText(text, columns, INDENT.repeat(2)).map(paint);
}
