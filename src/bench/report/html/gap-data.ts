import type { BenchReport } from '../../figures/report.ts';
import { isStream } from '../../figures/turn-groups.ts';
import type { TurnRecord } from '../../run/turn-record.ts';
import { formatSpan } from '../../../ui/format.ts';
import { printable } from '../../../ui/sanitize.ts';
import { sumOf } from '../../../stream/distribution.ts';

/** Up to so many gaps all are drawn. */
const DRAWN_WHOLE = 4_000;
/** Beyond that, the run's time is cut into slices, and each shows the longest gaps of a series, at most so many. */
const SLICES = 240;
const IN_A_SLICE = 6;

/** When (s since the start of the run), how long (ms), turn, number in `after`. */
type Point = readonly [atS: number, ms: number, turn: number, after: number];

export type ThinnedGaps = NonNullable<ReturnType<typeof gapData>>;
export type GapData = ThinnedGaps['data'];
export type GapSeries = GapData['series'][number];

/**
 * The five longest silences of each stream over the time of the run, ascending; of many the longest of each moment. `bad`: of streams
 * that did not end well. `after`: event types before the gaps. `all`: how many gaps there were to draw.
 */
export function gapData({ run, turns }: BenchReport) {
  const after: string[] = [];
  const toNumber = (type: string): number => {
    const name = printable(type);
    const known = after.indexOf(name);
    return known === -1 ? after.push(name) - 1 : known;
  };
  const measured = turns.filter((turn) => turn.phase === 'measured' && isStream(turn));
  const isBad = ({ outcome }: TurnRecord): boolean => outcome !== 'ok' && outcome !== 'unfinished';
  const points = (own: readonly TurnRecord[]): Point[] =>
    own.flatMap(({ index, sentMs, metrics }) =>
      metrics.gaps.top
        .filter(({ ms }) => ms > 0)
        .map(({ ms, atMs, after: type }): Point => {
          const atS = Number(((sentMs + atMs) / 1_000).toFixed(3));
          return [atS, Number(ms.toPrecision(5)), index, toNumber(type)];
        }),
    );
  const full = [
    ...run.plan.hops.map((hop) => ({
      label: hop,
      kind: hop,
      points: points(measured.filter((turn) => turn.hop === hop && !isBad(turn))),
    })),
    { label: 'failed', kind: 'bad' as const, points: points(measured.filter(isBad)) },
  ]
    .filter((series) => series.points.length > 0)
    .map((series) => ({ ...series, points: series.points.toSorted(([a], [b]) => a - b) }));
  if (full.length === 0) return undefined;
  const series =
    total(full) <= DRAWN_WHOLE ? full : full.map((one) => ({ ...one, points: thin(one.points, run.durationMs / 1_000) }));
  return { data: { series, limits: limitLines(run.hops), after }, all: total(full), drawn: total(series) };
}

function thin(points: readonly Point[], durationS: number): Point[] {
  const slices = new Map<number, Point[]>();
  for (const point of points.toSorted(([, a], [, b]) => b - a)) {
    const slice = Math.floor((point[0] / Math.max(durationS, 1e-3)) * SLICES);
    const kept = slices.get(slice) ?? [];
    slices.set(slice, kept);
    if (kept.length < IN_A_SLICE) kept.push(point);
  }
  return [...slices.values()].flat().sort(([a], [b]) => a - b);
}

/** One line for each limit; hops that share it share the line. */
function limitLines(hops: BenchReport['run']['hops']) {
  const limits = [...new Set(hops.flatMap(({ idleLimitMs }) => idleLimitMs ?? []))];
  return limits.map((ms) => {
    const names = hops.filter(({ idleLimitMs }) => idleLimitMs === ms).map(({ hop }) => hop);
    return { label: `idle limit of ${names.join(' and ')}: ${formatSpan(ms)}`, ms };
  });
}

function total(series: readonly { readonly points: readonly Point[] }[]): number {
  return sumOf(series, ({ points }) => points.length);
}
