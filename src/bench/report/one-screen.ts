import sliceAnsi from 'slice-ansi';
import stringWidth from 'string-width';
import type { BenchReport, GroupSummary, Summary } from '../figures/report.ts';
import { gaugeLines, INDENT, painter, REMARK, type Sheet, wrapWords } from './drawings.ts';
import { silenceGauge } from './headroom.ts';
import { headlineOf } from './headline.ts';
import { hopVerdicts } from './hops.ts';
import { CLASS_NAMES, groupName } from './names.ts';
import { outcomeName, outcomeTone, THRESHOLD_WORDS } from './outcomes.ts';
import { costWords } from './report-document.ts';
import { clientLine, contentWords, leftOutSentences, loadWords, targetWords } from './run-words.ts';
import { blockLines, headlineLines } from './terminal.ts';
import { overviewTable } from './times.ts';
import { formatTimeCell, plural } from '../../ui/format.ts';
import { printable } from '../../ui/sanitize.ts';
import type { Style } from '../../ui/terminal.ts';

/** Lines of a terminal as it opens. */
const SCREEN_LINES = 24;
/** A class of fewer turns is folded into a line. */
const FEWEST_TURNS = 5;

/** Part of the screen. Its last items go first where there is no room. */
interface Part {
  readonly items: readonly (readonly string[])[];
  /** Items that stay as long as another part has more than its least. */
  readonly least: number;
  /** The part with the highest number gives way first. */
  readonly rank: number;
  /** The noun by which a line says how many items are missing. */
  readonly more?: string;
}

/** A run on one screen, the result last. @returns at most 24 lines that fit, whatever was run; each with its end */
export function renderScreen(report: BenchReport, sheet: Sheet): string {
  const { style } = sheet;
  const { target, plan } = report.run;
  const { validity } = report.summary;
  const headline = headlineLines(headlineOf(report), sheet);
  const troubles = leftOutSentences(report).flatMap(({ text, tone }) => (tone === 'warn' ? [text] : []));
  const content = plan.probe ? `; ${contentWords(plan)}` : '';
  const reasons = textPart(validity.reasons ?? [], sheet, { rank: 1, most: 2, indent: '- ', paint: style.red });
  const blank: Part = { items: [['']], least: 0, rank: 9 };
  const parts: Part[] = [
    notePart([...(target ? [targetWords(target)] : []), `${loadWords(plan)}; ${plan.hops.join(', ')}${content}`], sheet, 4, ''),
    blank,
    ...(validity.valid ? figureParts(report, sheet) : [failurePart(report.summary, sheet), reasons]),
    notePart(troubles, sheet, 5),
    blank,
  ];
  const lines = fit(parts, SCREEN_LINES - headline.length, (text) => style.dim(text.slice(0, sheet.columns)));
  return [...lines, ...headline].map((line) => `${line}\n`).join('');
}

function figureParts(report: BenchReport, sheet: Sheet): Part[] {
  const { summary } = report;
  const { groups, headroom, cost } = summary;
  const most = new Map(groups.toSorted((a, b) => a.turns - b.turns).map((group) => [group.hop, group]));
  const isShown = (group: GroupSummary): boolean => group.turns >= FEWEST_TURNS || most.get(group.hop) === group;
  const shown = groups.filter(isShown);
  const folded = groups.filter((group) => !isShown(group));
  const table = shown.length === 0 ? [] : tableOf(shown, sheet);
  const silences = headroom.map((one) => ({ hop: one.hop, ms: one.longest?.ms ?? 0, gauge: silenceGauge(one) }));
  const gauges = silences.map(({ hop, gauge }) => {
    const label = silences.length > 1 ? `${hop.padEnd('agentcore'.length)} silence` : gauge.label;
    return gaugeLines({ ...gauge, label, notes: [] }, sheet);
  });
  const advice = hopVerdicts(summary).flatMap((hop) => hop.advice);
  const [longest] = silences.toSorted((a, b) => b.ms - a.ms);
  return [
    { items: table.map((line) => [line]), least: table.length, rank: 1, more: 'row' },
    ...(folded.length === 0 ? [] : [notePart([foldedWords(folded, summary)], sheet, 6)]),
    { items: gauges, least: 1, rank: 3, more: 'hop' },
    notePart(longest?.gauge.notes.slice(0, 1) ?? [], sheet, 6, REMARK),
    failurePart(summary, sheet),
    textPart(advice, sheet, { rank: 4, most: 2 }),
    thresholdPart(summary, sheet),
    notePart([`cost ${costWords(cost)}`], sheet, 7),
    notePart([clientLine(report)], sheet, 8),
  ];
}

function notePart(texts: readonly string[], sheet: Sheet, rank: number, indent = INDENT): Part {
  return textPart(texts, sheet, { rank, indent, paint: sheet.style.dim });
}

interface Texts extends Pick<Part, 'rank' | 'more'>, Partial<Pick<Part, 'least'>> {
  readonly indent?: string;
  readonly hanging?: string;
  readonly paint?: Style['dim'];
  readonly most?: number;
}

/** Texts, each an item of so many lines at most. */
function textPart(texts: readonly string[], { columns }: Sheet, options: Texts): Part {
  const { least = 1, most = Infinity, indent = INDENT, hanging, paint = String, ...part } = options;
  const items = texts.map((text) => clip(wrapWords(text, columns, indent, hanging), most, columns).map((line) => paint(line)));
  return { ...part, items, least };
}

/** `in few turns: new session 1 (ttfb 1.02 s), cold 2 (ttfb p50 1.4 s)`. */
function foldedWords(groups: readonly GroupSummary[], { headroom }: Summary): string {
  const parts = groups.map((group) => {
    const { ttfb, turns, class: name } = group;
    const time = ttfb.p50 === undefined ? '' : ` (ttfb${ttfb.n > 1 ? ' p50' : ''} ${formatTimeCell(ttfb.p50)})`;
    return `${turns} ${headroom.length > 1 ? groupName(group) : CLASS_NAMES[name]}${time}`;
  });
  return `not in the table: ${parts.join(', ')}`;
}

function failurePart({ outcomes, headroom }: Summary, sheet: Sheet): Part {
  const hasHops = headroom.length > 1;
  const texts = outcomes
    .filter(({ outcome }) => outcome !== 'ok')
    .toSorted((a, b) => b.count - a.count)
    .map((outcome) => {
      const { hop, count, explanation } = outcome;
      const why = explanation === undefined ? '' : `: ${explanation}`;
      const name = painter(outcomeTone(outcome), sheet.style)(outcomeName(outcome));
      return `${count.toLocaleString('en-US')} × ${name}${hasHops ? ` (${hop})` : ''}${why}`;
    });
  return textPart(texts, sheet, { least: 2, rank: 2, most: hasHops ? 1 : 2, hanging: REMARK, more: 'outcome' });
}

/** Thresholds that failed first. */
function thresholdPart({ thresholds, headroom }: Summary, sheet: Sheet): Part {
  const order = ['fail', 'cannot-judge', 'pass'];
  const texts = thresholds
    .toSorted((a, b) => order.indexOf(a.result) - order.indexOf(b.result))
    .map(({ threshold, result, measured }) => {
      const [word, tone] = THRESHOLD_WORDS[result];
      return `${painter(tone, sheet.style)(word)}  ${printable(threshold)}: ${measured}`;
    });
  return textPart(texts, sheet, { least: 3, rank: 3, most: headroom.length > 1 ? 1 : 2, hanging: REMARK, more: 'threshold' });
}

function clip(lines: readonly string[], most: number, columns: number): readonly string[] {
  if (lines.length <= most) return lines;
  const last = lines[most - 1] ?? '';
  const isFull = stringWidth(last) + 2 > columns;
  return [...lines.slice(0, most - 1), isFull ? `${sliceAnsi(last, 0, columns - 1)}…` : `${last} …`];
}

/** The table of the groups. A hop or a class that all have in common stands above the others. */
function tableOf(groups: readonly GroupSummary[], sheet: Sheet): string[] {
  const table = overviewTable(groups);
  const [first, ...others] = groups;
  const isOneHop = others.every(({ hop }) => hop === first?.hop);
  const isOneClass = others.every((group) => group.class === first?.class);
  if (others.length === 0 || isOneHop === isOneClass) return blockLines(table, sheet);
  const common = isOneHop ? 0 : 1;
  const without = <T>(cells: readonly T[]): T[] => cells.filter((_, at) => at !== common);
  const name = (isOneHop ? first?.hop : first && CLASS_NAMES[first.class]) ?? '';
  const columns = without(table.columns).map((column, at) => (at === 0 ? { name } : column));
  const rows = table.rows.map((row) => ('cells' in row ? { ...row, cells: without(row.cells) } : row));
  return blockLines({ ...table, columns, rows }, sheet);
}

/** The lines of the parts that have room, in their order. */
function fit(parts: readonly Part[], most: number, paint: (text: string) => string): string[] {
  const kept = parts.map(({ items }) => items.length);
  const linesOf = (): string[] =>
    parts.flatMap(({ items, more }, at) => {
      const missing = items.length - (kept[at] ?? 0);
      const note = missing > 0 && more ? [paint(`  ${plural(missing, `more ${more}`)}: --full`)] : [];
      return [...items.slice(0, kept[at]).flat(), ...note];
    });
  let lines = linesOf();
  for (const keepsLeast of [true, false]) {
    while (lines.length > most) {
      const spare = parts
        .map(({ least, rank }, at) => ({ at, rank, spare: (kept[at] ?? 0) - (keepsLeast ? least : 0) }))
        .filter((part) => part.spare > 0)
        .sort((a, b) => b.rank - a.rank || b.at - a.at)[0];
      if (!spare) break;
      kept[spare.at] = (kept[spare.at] ?? 0) - 1;
      lines = linesOf();
    }
  }
  return lines.slice(-Math.max(0, most));
}
