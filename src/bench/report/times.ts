import type { GroupSummary, Summary } from '../figures/summary.ts';
import { groupName } from './names.ts';
import { paragraph, section, type Sheet } from './sheet.ts';
import { type Distribution, FEWEST_VALUES, type Percentile, PERCENTILES } from '../../stream/distribution.ts';
import { formatBytes, formatCount, formatTimeCell, plural } from '../../ui/format.ts';
import { alignRows } from '../../ui/table.ts';

/** A row of the tables of times. */
export interface Figure {
  readonly metric: keyof GroupSummary;
  readonly label: string;
  /** Definition in a sentence, the same in every report. */
  readonly definition: string;
  readonly of: (group: GroupSummary) => Distribution;
}

/** Cells of a distribution in the tables that show all of it: n, then each of `PERCENTILES`. */
export function figureCells(values: Distribution): string[] {
  const percentiles = PERCENTILES.map((name) => formatTimeCell(values[name]));
  return [values.n.toLocaleString('en-US'), ...percentiles];
}

/** The metrics of a group, in the order in which they happen. */
export const FIGURES: readonly Figure[] = [
  {
    metric: 'ttfb',
    label: 'ttfb',
    definition: 'From sending the turn to the first byte of the body, not of the headers.',
    of: ({ ttfb }) => ttfb,
  },
  {
    metric: 'ttfe',
    label: 'ttfe',
    definition: 'To the first event that is not a comment.',
    of: ({ ttfe }) => ttfe,
  },
  {
    metric: 'ttft',
    label: 'ttft',
    definition: 'To the first event with text in it; framing, tools and reasoning do not count.',
    of: ({ ttft }) => ttft,
  },
  {
    metric: 'gap',
    label: 'gap',
    definition: 'Between two reads that follow each other: what an idle timer sees. A heartbeat ends a gap.',
    of: ({ gap }) => gap,
  },
  {
    metric: 'contentGap',
    label: 'content gap',
    definition: 'Between two events with text, reasoning or a tool: what a person sees. A heartbeat does not end it.',
    of: ({ contentGap }) => contentGap,
  },
  {
    metric: 'maxGap',
    label: 'longest silence',
    definition:
      'The longest time without a byte in each stream: before its first byte, between two, or before its end.',
    of: ({ maxGap }) => maxGap,
  },
  {
    metric: 'duration',
    label: 'duration',
    definition: 'From sending the turn to its end.',
    of: ({ duration }) => duration,
  },
];

/** Why a percentile may be missing. */
export const WITHHELD = `n is the number of samples. A percentile is shown as - when n is too small for it: ${Object.entries(
  FEWEST_VALUES,
)
  .filter(([, fewest]) => fewest > 1)
  .map(([name, fewest]) => `${name} below ${fewest}`)
  .join(', ')}.`;

/** Any percentile of these groups is missing although there are samples. */
export function withholds(groups: readonly GroupSummary[]): boolean {
  return groups.some((group) =>
    FIGURES.some(({ of }) => of(group).n > 0 && PERCENTILES.some((p) => of(group)[p] === undefined)),
  );
}

/** Percentiles that narrow terminals leave out first. */
const LEAST_WANTED: readonly Percentile[] = ['p90', 'p99', 'max'];

/** The tables of times, one for each hop and class: n and percentiles of every metric. */
export function figureLines({ groups }: Summary, sheet: Sheet): string[] {
  const shown = fittingPercentiles(groups, sheet.columns);
  const lines = groups.flatMap((group) => [
    ...paragraph(groupTitle(group), sheet),
    ...tableOf(group, shown).map((line, index) => (index === 0 ? sheet.style.dim(line) : line)),
  ]);
  const missing = PERCENTILES.filter((name) => !shown.includes(name));
  return section(
    'Times',
    [
      ...lines,
      ...(withholds(groups) ? paragraph(WITHHELD, sheet, sheet.style.dim) : []),
      ...(missing.length === 0
        ? []
        : paragraph(`A wider terminal shows ${missing.join(', ')} too.`, sheet, sheet.style.dim)),
    ],
    sheet,
  );
}

function groupTitle(group: GroupSummary): string {
  const { turns, ok } = group;
  const result = ok === turns ? 'all ok' : `${ok.toLocaleString('en-US')} ok`;
  return `${groupName(group)}: ${plural(turns, 'turn')}, ${result}`;
}

function tableOf(group: GroupSummary, shown: readonly Percentile[]): string[] {
  const rows = FIGURES.map(({ label, of }) => {
    const values = of(group);
    return [label, shortCount(values.n), ...shown.map((name) => formatTimeCell(values[name]))];
  });
  return alignRows([['', 'n', ...shown], ...rows], { gap: shown.length === 5 ? 2 : 1 });
}

function fittingPercentiles(groups: readonly GroupSummary[], columns: number): readonly Percentile[] {
  for (let dropped = 0; dropped < LEAST_WANTED.length; dropped += 1) {
    const shown = PERCENTILES.filter((name) => !LEAST_WANTED.slice(0, dropped).includes(name));
    const width = Math.max(0, ...groups.flatMap((group) => tableOf(group, shown)).map(lengthOf));
    if (width <= columns) return shown;
  }
  return PERCENTILES.filter((name) => !LEAST_WANTED.includes(name));
}

function lengthOf(line: string): number {
  return line.length;
}

/** A count that is narrow however large it is. */
function shortCount(n: number): string {
  if (n < 100_000) return n.toLocaleString('en-US');
  return n < 1_000_000 ? `${Math.floor(n / 1_000)} k` : `${(n / 1_000_000).toFixed(1)} M`;
}

/** Total throughput: `6.6 good turns/s, 320 events/s, 45.2 kB/s`. */
export function throughputWords(throughput: Summary['throughput']): string {
  const { turnsPerSecond, eventsPerSecond, bytesPerSecond } = throughput;
  return [
    `${rate(turnsPerSecond)} good turns/s`,
    `${rate(eventsPerSecond)} events/s`,
    `${formatBytes(Math.round(bytesPerSecond))}/s`,
  ].join(', ');
}

/** How fast a single stream was; undefined when none was long enough to have a speed. */
function withinStreamWords(group: GroupSummary): string | undefined {
  const { eventsPerSecond, bytesPerSecond } = group;
  if (eventsPerSecond.p50 === undefined || bytesPerSecond.p50 === undefined) return undefined;
  const speed = `${rate(eventsPerSecond.p50)} events/s and ${formatBytes(Math.round(bytesPerSecond.p50))}/s`;
  return `Within a stream (${groupName(group)}): ${speed} (median of ${formatCount(eventsPerSecond.n)}).`;
}

function rate(perSecond: number): string {
  return perSecond < 10 ? perSecond.toFixed(1) : formatCount(Math.round(perSecond));
}

/** Turns, events and bytes a second over the run, and within a stream. */
export function throughputLines({ throughput, groups }: Summary, sheet: Sheet): string[] {
  const within = groups.flatMap((group) => {
    const text = withinStreamWords(group);
    return text === undefined ? [] : paragraph(text, sheet, sheet.style.dim);
  });
  return section('Throughput', [...paragraph(`${throughputWords(throughput)}.`, sheet), ...within], sheet);
}
