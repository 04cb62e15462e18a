import type { BenchReport, GroupSummary, Summary } from '../figures/report.ts';
import { turnTime } from '../figures/turn-groups.ts';
import type { BinSeries, Block, Column, Row, Table } from './document.ts';
import { CLASS_NAMES, groupName } from './names.ts';
import { FEWEST_VALUES, gapPercentile, type Percentile, PERCENTILES, sumOf } from '../../stream/distribution.ts';
import type { GapHistogram } from '../../stream/metrics-schema.ts';
import { formatBytes, formatCount, formatTimeCell, plural } from '../../ui/format.ts';

/** Columns of the overview; the lower `drop`, the more they are wanted. */
const OVERVIEW: readonly (Column & { readonly of: (group: GroupSummary) => number | undefined })[] = [
  { name: 'ttfb p50', of: ({ ttfb }) => ttfb.p50 },
  { name: 'ttfb p95', of: ({ ttfb }) => ttfb.p95, drop: 1 },
  { name: 'ttfb p99', of: ({ ttfb }) => ttfb.p99, drop: 7 },
  { name: 'ttft p50', of: ({ ttft }) => ttft.p50, drop: 4 },
  { name: 'ttft p95', of: ({ ttft }) => ttft.p95, drop: 6 },
  { name: 'longest silence', of: ({ maxGap }) => maxGap.max, drop: 3 },
  { name: 'duration p50', of: ({ duration }) => duration.p50, drop: 5 },
];

/** The figures that matter most, a row for each hop and class of turns; a column without any figure is left out. */
export function overviewTable(groups: readonly GroupSummary[]): Table {
  const times = OVERVIEW.filter(({ of }) => groups.some((group) => of(group) !== undefined));
  return {
    type: 'table',
    label: 'Turns by hop and class',
    columns: [
      { name: 'hop' },
      { name: 'class' },
      { name: 'turns', kind: 'number' },
      { name: 'ok', kind: 'number', drop: 2 },
      ...times.map(({ name, drop = 0 }): Column => ({ name, kind: 'number', drop })),
    ],
    rows: groups.map((group) => {
      const counts = [group.turns, group.ok].map((count) => count.toLocaleString('en-US'));
      const cells = times.map(({ of }) => formatTimeCell(of(group)));
      return { cells: [group.hop, CLASS_NAMES[group.class], ...counts, ...cells] };
    }),
  };
}

type Metric = 'headers' | 'ttfb' | 'ttfe' | 'ttft' | 'gap' | 'contentGap' | 'maxGap' | 'duration' | 'init' | 'agent';

/** Rows of the table of all times, in the order in which they happen: label, metric, and what it is. */
const FIGURES: readonly (readonly [label: string, metric: Metric, definition: string])[] = [
  ['headers', 'headers', 'To the headers of the answer, before any byte of it.'],
  ['ttfb', 'ttfb', 'From sending the turn to the first byte of the body, not of the headers.'],
  ['ttfe', 'ttfe', 'To the first event that is not a comment.'],
  ['ttft', 'ttft', 'To the first event with text in it; framing, tools and reasoning do not count.'],
  ['gap', 'gap', 'Between two reads that follow each other. A heartbeat ends a gap.'],
  ['content gap', 'contentGap', 'Between two events with text, reasoning or a tool. A heartbeat does not end it.'],
  ['longest silence', 'maxGap', 'Without a byte in each stream: before its first, between two, or before its end.'],
  ['duration', 'duration', 'From sending the turn to its end.'],
  ['init', 'init', 'Server-Timing: how long the function’s environment took to start.'],
  ['agent', 'agent', 'Server-Timing: when the agent had answered the function.'],
];

/** Metrics that are left out of a group without a sample of them. */
const RARE: readonly Metric[] = ['headers', 'init', 'agent'];

/** Percentiles that narrow terminals leave out, the first of them first. */
const LEAST_WANTED: readonly Percentile[] = ['max', 'p99', 'p90'];

/** All times: n and percentiles of every metric for each hop and class, and why a percentile may be missing. */
export function timesBlocks({ groups }: Summary): Block[] {
  if (groups.length === 0) return [];
  const percentiles = PERCENTILES.map((name): Column => ({ name, kind: 'number', drop: LEAST_WANTED.indexOf(name) + 1 }));
  const withheld = groups.some((group) =>
    FIGURES.some(([, of]) => group[of].n > 0 && PERCENTILES.some((name) => group[of][name] === undefined)),
  );
  const fewest = Object.entries(FEWEST_VALUES).filter(([, least]) => least > 1);
  const rule = fewest.map(([name, least]) => `${name} below ${least}`).join(', ');
  const note = `n is the number of samples. A percentile is shown as - when n is too small for it: ${rule}.`;
  return [
    {
      type: 'table',
      label: 'Times of every metric by hop and class of turns',
      columns: [{ name: '' }, { name: 'n', kind: 'number' }, ...percentiles, { name: 'what it is', kind: 'aside' }],
      rows: groups.flatMap((group, index) => figureRows(group, groups.slice(0, index))),
    },
    { type: 'sentences', sentences: withheld ? [{ text: note, tone: 'note' }] : [] },
  ];
}

/** @param before groups that are above this one: what is defined there is not defined again */
function figureRows(group: GroupSummary, before: readonly GroupSummary[]): Row[] {
  const { turns, ok } = group;
  const result = ok === turns ? 'all ok' : `${ok.toLocaleString('en-US')} ok`;
  const isShown = (metric: Metric, one: GroupSummary): boolean => !RARE.includes(metric) || one[metric].n > 0;
  return [
    { heading: `${groupName(group)}: ${plural(turns, 'turn')}, ${result}` },
    ...FIGURES.filter(([, metric]) => isShown(metric, group)).map(([label, metric, definition]) => {
      const values = group[metric];
      const isKnown = before.some((one) => isShown(metric, one));
      const times = PERCENTILES.map((at) => formatTimeCell(values[at]));
      return { cells: [label, shortCount(values.n), ...times, isKnown ? '' : definition] };
    }),
  ];
}

/** A count that is narrow however large it is. */
function shortCount(n: number): string {
  if (n < 100_000) return n.toLocaleString('en-US');
  return n < 1_000_000 ? `${Math.floor(n / 1_000)} k` : `${(n / 1_000_000).toFixed(1)} M`;
}

/** Distribution of a time over the turns of each hop, its classes told apart. */
export function timeBars({ summary, turns }: BenchReport, what: 'first byte' | 'silences'): Block[] {
  const good = turns.filter(({ phase, outcome }) => phase === 'measured' && outcome === 'ok');
  return [...new Set(summary.groups.map(({ hop }) => hop))].map((hop) => {
    // Warm turns first: theirs is the fullest bar.
    const groups = summary.groups.filter((group) => group.hop === hop).toReversed();
    const series = groups.map((group): BinSeries => {
      const own = good.filter((turn) => turn.hop === hop && turn.class === group.class);
      const times = own.flatMap((turn) => turnTime(turn, 'ttfb') ?? []);
      const silences = group.gapHistogram.buckets.map(([bucket, count]) => [bucketMs(bucket, count), count] as const);
      return { label: CLASS_NAMES[group.class], samples: what === 'silences' ? silences : times.map((ms) => [ms, 1]) };
    });
    const n = sumOf(series, ({ samples }) => sumOf(samples, ([, count]) => count));
    const title =
      what === 'silences' ? `Silences, ${hop} (${plural(n, 'silence')})` : `First byte, ${hop} (${plural(n, 'turn')})`;
    return { type: 'bars', title, series };
  });
}

/** The longest silence that falls into a bucket, ms: what the percentile of a histogram of this bucket alone is. */
function bucketMs(bucket: number, count: number): number {
  const alone: GapHistogram = { count, maxMs: Infinity, buckets: [[bucket, count]] };
  return gapPercentile(alone, 100) ?? 0;
}

/** Total throughput: `6.6 good turns/s`, `320 events/s`, `45 kB/s`. */
export function throughputParts({ throughput }: Summary): readonly [turns: string, events: string, bytes: string] {
  const { turnsPerSecond, eventsPerSecond, bytesPerSecond } = throughput;
  return [`${rate(turnsPerSecond)} good turns/s`, `${rate(eventsPerSecond)} events/s`, byteRate(bytesPerSecond)];
}

/** Turns, events and bytes a second over the run, and within a stream. */
export function throughputBlock(summary: Summary): Block {
  const within = summary.groups.flatMap((group) => {
    const { eventsPerSecond, bytesPerSecond } = group;
    if (eventsPerSecond.p50 === undefined || bytesPerSecond.p50 === undefined) return [];
    const speed = `${rate(eventsPerSecond.p50)} events/s and ${byteRate(bytesPerSecond.p50)}`;
    const text = `Within a stream (${groupName(group)}): ${speed} (median of ${formatCount(eventsPerSecond.n)}).`;
    return [{ text, tone: 'note' as const }];
  });
  return { type: 'sentences', sentences: [{ text: `${throughputParts(summary).join(', ')}.` }, ...within] };
}

function rate(perSecond: number): string {
  return perSecond < 10 ? perSecond.toFixed(1) : formatCount(Math.round(perSecond));
}

function byteRate(perSecond: number): string {
  return `${formatBytes(Math.round(perSecond))}/s`;
}
