import sliceAnsi from 'slice-ansi';
import stringWidth from 'string-width';
import type { BenchReport, GroupSummary, OutcomeCount, Summary } from '../figures/report.ts';
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
  /** Says in a line that items are missing. */
  readonly more?: (count: number) => string;
}

/** A run on one screen, the result last. @returns at most 24 lines that fit, whatever was run; each with its end */
export function renderScreen(report: BenchReport, sheet: Sheet): string {
  const { style } = sheet;
  const { validity } = report.summary;
  const headline = headlineLines(headlineOf(report), sheet);
  const blank: Part = { items: [['']], least: 0, rank: 9 };
  const parts: Part[] = [
    aboutPart(report, sheet),
    ...(validity.valid
      ? [blank, ...figureParts(report, sheet)]
      : [blank, failurePart(report.summary, sheet), reasonPart(validity.reasons, sheet)]),
    sentencePart(troubles(report), sheet, 5),
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
  const [longest] = silences.toSorted((a, b) => b.ms - a.ms);
  return [
    { items: table.map((line) => [line]), least: table.length, rank: 1, more: () => '  more rows: --full' },
    ...(folded.length === 0 ? [] : [sentencePart([foldedWords(folded, summary)], sheet, 6)]),
    { items: gauges, least: 1, rank: 3, more: (count) => `  ${plural(count, 'more hop')}: --full` },
    sentencePart(longest?.gauge.notes.slice(0, 1) ?? [], sheet, 6, REMARK),
    failurePart(summary, sheet),
    advicePart(summary, sheet),
    thresholdPart(summary, sheet),
    sentencePart([`cost ${costWords(cost)}`], sheet, 7),
    sentencePart([clientLine(report)], sheet, 8),
  ];
}

function aboutPart({ run: { target, plan } }: BenchReport, sheet: Sheet): Part {
  const content = plan.probe ? `; ${contentWords(plan)}` : '';
  const texts = [...(target ? [targetWords(target)] : []), `${loadWords(plan)}; ${plan.hops.join(', ')}${content}`];
  const items = texts.map((text) => wrapWords(text, sheet.columns).map(sheet.style.dim));
  return { items, least: 1, rank: 4 };
}

function sentencePart(texts: readonly string[], { columns, style }: Sheet, rank: number, indent = INDENT): Part {
  return { items: texts.map((text) => wrapWords(text, columns, indent).map(style.dim)), least: 1, rank };
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
  const items = outcomes
    .filter(({ outcome }) => outcome !== 'ok')
    .toSorted((a, b) => b.count - a.count)
    .map((outcome) => failureLines(outcome, hasHops, sheet));
  return { items, least: 2, rank: 2, more: (count) => `  ${plural(count, 'more kind')} of failure: --full` };
}

function failureLines(outcome: OutcomeCount, hasHops: boolean, sheet: Sheet): readonly string[] {
  const { hop, count, explanation } = outcome;
  const why = explanation === undefined ? '' : `: ${explanation}`;
  const name = painter(outcomeTone(outcome), sheet.style)(outcomeName(outcome));
  const text = `${count.toLocaleString('en-US')} × ${name}${hasHops ? ` (${hop})` : ''}${why}`;
  return clip(wrapWords(text, sheet.columns, INDENT, REMARK), hasHops ? 1 : 2, sheet);
}

function advicePart(summary: Summary, sheet: Sheet): Part {
  const texts = hopVerdicts(summary).flatMap(({ advice }) => advice);
  return { items: texts.map((text) => clip(wrapWords(text, sheet.columns, INDENT), 2, sheet)), least: 1, rank: 4 };
}

/** Thresholds that failed first. */
function thresholdPart({ thresholds, headroom }: Summary, sheet: Sheet): Part {
  const most = headroom.length > 1 ? 1 : 2;
  const order = ['fail', 'cannot-judge', 'pass'];
  const items = thresholds
    .toSorted((a, b) => order.indexOf(a.result) - order.indexOf(b.result))
    .map(({ threshold, result, measured }) => {
      const [word, tone] = THRESHOLD_WORDS[result];
      const text = `${painter(tone, sheet.style)(word)}  ${printable(threshold)}: ${measured}`;
      return clip(wrapWords(text, sheet.columns, INDENT, REMARK), most, sheet);
    });
  return { items, least: 3, rank: 3, more: (count) => `  ${plural(count, 'more threshold')}: --full` };
}

function reasonPart(reasons: readonly string[], sheet: Sheet): Part {
  const items = reasons.map((reason) => clip(wrapWords(reason, sheet.columns, '- '), 2, sheet).map(sheet.style.red));
  return { items, least: 1, rank: 1 };
}

function troubles(report: BenchReport): string[] {
  return leftOutSentences(report).flatMap(({ text, tone }) => (tone === 'warn' ? [text] : []));
}

function clip(lines: readonly string[], most: number, { columns }: Sheet): readonly string[] {
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
      const note = missing > 0 && more ? [paint(more(missing))] : [];
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
