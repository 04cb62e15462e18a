import type { Block, Gauge, ReportDocument, Row, Section, Sentence, Table } from './document.ts';
import { markdownCode, markdownTable, markdownText } from '../../ui/markdown-text.ts';

/** GitHub-flavoured Markdown, what is folded last. Nothing that came from a server or a flag is taken for markup. */
export function renderMarkdown({ headline, reasons, sections }: ReportDocument): string {
  const shown = sections.filter(({ isFolded }) => !isFolded);
  const folded = sections.filter(({ isFolded }) => isFolded);
  return [
    `**${markdownText(headline.text)}**`,
    reasons.map((reason) => `- ${markdownText(reason)}`).join('\n'),
    ...[...shown, ...folded].flatMap(sectionBlocks),
  ]
    .filter((block) => block !== '')
    .join('\n\n')
    .concat('\n');
}

function sectionBlocks({ title, blocks, isFolded }: Section): string[] {
  const texts = blocks.map(blockText).filter((text) => text !== '');
  if (texts.length === 0) return [];
  if (isFolded) return ['<details>', `<summary>${title}</summary>`, ...texts, '</details>'];
  return title === '' ? texts : [`#### ${title}`, ...texts];
}

function blockText(block: Block): string {
  switch (block.type) {
    case 'sentences': {
      const texts = block.sentences.map(sentenceText);
      return block.isList ? texts.map((text) => `- ${text}`).join('\n') : texts.join('\n\n');
    }
    case 'table':
      return tableText(block);
    case 'gauges': {
      const rows = block.hops.flatMap(({ hop, gauges }) => gauges.map((gauge) => gaugeCells(hop, gauge)));
      return markdownTable(['hop', 'headroom', '', ''], rows);
    }
    case 'intervals':
      return block.intervals.map(({ text }) => `- ${markdownText(text)}`).join('\n');
    case 'bars':
    case 'tiles':
    case 'chart':
      return '';
  }
}

function sentenceText({ text, tone }: Sentence): string {
  return tone === 'bad' || tone === 'warn' ? `**${markdownText(text)}**` : markdownText(text);
}

function tableText({ columns, rows }: Table): string {
  const shown = columns.flatMap(({ kind }, at) => (kind === 'aside' ? [] : [at]));
  const cellsOf = (row: Row): string[] =>
    'heading' in row
      ? shown.map((_, at) => (at === 0 ? `**${markdownText(row.heading)}**` : ''))
      : shown.map((at) => {
          const { kind, isToned } = columns[at] ?? {};
          const cell = row.cells[at] ?? '';
          const text = kind === 'code' ? markdownCode(cell) : markdownText(cell);
          return isToned && row.tone !== undefined && row.tone !== 'good' ? `**${text}**` : text;
        });
  const heads = shown.map((at) => columns[at]?.name ?? '');
  const numbers = shown.map((at) => columns[at]?.kind === 'number');
  return markdownTable(heads, rows.map(cellsOf), numbers);
}

function gaugeCells(hop: string, { label, amount, warning, notes }: Gauge): string[] {
  const warned = warning === undefined ? [] : [`**${markdownText(warning)}**.`];
  return [hop, label, markdownText(amount), [...warned, ...notes.map(markdownText)].join(' ')];
}
