import stringWidth from 'string-width';
import type { Block, Column, ReportDocument, Row, Section, Sentence, Table } from './document.ts';
import { alignRows } from '../../ui/table.ts';
import { gaugeLines, histogramLines, INDENT, painter, REMARK, type Sheet, wrapWords } from './drawings.ts';

/** All of a document for people; the headline comes last, where a terminal stands. @returns lines that fit, each with its end */
export function renderDocument({ headline, reasons, sections }: ReportDocument, sheet: Sheet): string {
  const { columns, style } = sheet;
  const end = [
    ...reasons.flatMap((reason) => wrapWords(reason, columns, '- ').map(style.red)),
    ...headlineLines(headline, sheet),
  ];
  return [...sections.map((section) => sectionLines(section, sheet)), end]
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n');
}

export function headlineLines({ text, tone }: Sentence, { columns, style }: Sheet): string[] {
  return wrapWords(text, columns).map((line) => style.bold(painter(tone, style)(line)));
}

function sectionLines({ title, blocks }: Section, sheet: Sheet): string[] {
  const missing = new Set<string>();
  const lines = blocks.flatMap((block) => blockLines(block, sheet, missing));
  if (lines.length === 0) return [];
  const note = missing.size === 0 ? [] : wrapWords(`A wider terminal shows ${[...missing].join(', ')}.`, sheet.columns, INDENT);
  const head = title === '' ? [] : wrapWords(title, sheet.columns).map(sheet.style.bold);
  return [...head, ...lines, ...note.map(sheet.style.dim)];
}

/** @param missing takes the names of columns for which there was no room */
export function blockLines(block: Block, sheet: Sheet, missing = new Set<string>()): string[] {
  const { columns, style } = sheet;
  switch (block.type) {
    case 'sentences':
      return block.sentences.flatMap(({ text, tone }) =>
        wrapWords(text, columns, block.isList ? '  - ' : INDENT).map(painter(tone, style)),
      );
    case 'table':
      return tableLines(block, sheet, missing);
    case 'gauges':
      return block.hops.flatMap(({ title, gauges }, index) => [
        ...(index === 0 ? [] : ['']),
        ...wrapWords(title, columns, INDENT),
        ...gauges.flatMap((gauge) => gaugeLines(gauge, sheet)),
      ]);
    case 'bars': {
      const lines = histogramLines(block.series, sheet);
      return lines.length === 0 ? [] : [...wrapWords(block.title, columns, INDENT), ...lines];
    }
    case 'intervals':
      return block.intervals.flatMap(({ text }) => wrapWords(text, columns, INDENT));
    case 'tiles':
    case 'chart':
      return [];
  }
}

/** A table in columns, or one row below another where it is too wide. */
function tableLines({ columns, rows }: Table, sheet: Sheet, missing: Set<string>): string[] {
  if (rows.length === 0) return [];
  const { style } = sheet;
  const rest = columns.findIndex(({ kind }) => kind === 'rest');
  const shown = fittingColumns(columns, rows, sheet.columns);
  if (!shown) return rows.flatMap((row) => stackedRow(row, columns, sheet));
  for (const column of columns) {
    if (column.kind !== 'rest' && column.kind !== 'aside' && !shown.columns.includes(column)) missing.add(column.name);
  }
  const cellsOf = (row: Extract<Row, { readonly cells: unknown }>): string[] =>
    shown.columns.map((column) => {
      const cell = row.cells[columns.indexOf(column)] ?? '';
      return column.isToned ? painter(row.tone, style)(cell) : cell;
    });
  const heads = headRows(shown.columns);
  const cellRows = rows.filter((row) => 'cells' in row);
  const lines = alignRows([...heads, ...cellRows.map(cellsOf)], {
    gap: shown.gap,
    isRight: (at) => shown.columns[at]?.kind === 'number',
  });
  const width = stringWidth(lines[0] ?? '') + 2;
  const room = sheet.columns - width;
  const isBeside = width <= sheet.columns * 0.45 || cellRows.every(({ cells }) => stringWidth(cells[rest] ?? '') <= room);
  let next = heads.length;
  const body = rows.flatMap((row) => {
    if (!('cells' in row)) return wrapWords(row.heading, sheet.columns, INDENT);
    const line = lines[next++] ?? '';
    const text = row.cells[rest] ?? '';
    if (text === '') return [line.trimEnd()];
    return isBeside
      ? wrapWords(text, sheet.columns, `${line}${INDENT}`, ' '.repeat(width))
      : [line.trimEnd(), ...wrapWords(text, sheet.columns, REMARK)];
  });
  return [...lines.slice(0, heads.length).map((line) => style.dim(line.trimEnd())), ...body];
}

/** Heads of columns; that of a narrow column of numbers stands in two lines: `ttfb` over `p50`. */
function headRows(columns: readonly Column[]): string[][] {
  const heads = columns.map(({ name, kind }) => (kind === 'number' ? name.split(' ') : [name]));
  const height = Math.max(...heads.map((words) => words.length));
  const rows = Array.from({ length: height }, (_, row) => heads.map((words) => words[row - height + words.length] ?? ''));
  return rows.filter((row) => row.some((word) => word !== ''));
}

/** The columns that fit, and the space between two; undefined when not even the least do. */
function fittingColumns(columns: readonly Column[], rows: readonly Row[], width: number) {
  let kept = columns.filter(({ kind }) => kind !== 'rest' && kind !== 'aside');
  const widthOf = (column: Column): number => {
    const at = columns.indexOf(column);
    const cells = rows.map((row) => ('cells' in row ? (row.cells[at] ?? '') : ''));
    return Math.max(...[...headRows([column]).flat(), ...cells].map((cell) => stringWidth(cell)), 0);
  };
  const widths = new Map(kept.map((column) => [column, widthOf(column)]));
  for (;;) {
    const sum = kept.reduce((all, column) => all + (widths.get(column) ?? 0), INDENT.length);
    for (const gap of [2, 1]) if (sum + gap * (kept.length - 1) <= width) return { columns: kept, gap };
    const last = Math.max(...kept.map(({ drop = 0 }) => drop));
    if (last === 0) return undefined;
    kept = kept.filter(({ drop }) => drop !== last);
  }
}

/** A row where columns have no room: its first cell, and below it what the others are. */
function stackedRow(row: Row, columns: readonly Column[], { columns: width, style }: Sheet): string[] {
  if (!('cells' in row)) return wrapWords(row.heading, width, INDENT);
  const [first = '', ...others] = row.cells;
  const parts = others.flatMap((cell, at) => {
    const { name = '', kind, isToned } = columns[at + 1] ?? {};
    if (kind === 'aside' || cell === '') return [];
    return [`${name === '' ? '' : `${name} `}${isToned ? painter(row.tone, style)(cell) : cell}`];
  });
  const head = columns[0]?.isToned ? painter(row.tone, style)(first) : first;
  return [...wrapWords(head, width, INDENT), ...wrapWords(parts.join(', '), width, REMARK)];
}
