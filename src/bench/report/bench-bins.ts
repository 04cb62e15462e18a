/** Values of one kind, each with how often it occurs. */
export interface BinSeries {
  readonly label: string;
  readonly samples: readonly (readonly [value: number, count: number])[];
}

export interface Bin {
  /** Inclusive; 0 for the first one of a log scale, which holds all that is smaller. */
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
  /** One for each series. */
  readonly counts: readonly number[];
}

export interface Bins {
  readonly scale: 'linear' | 'log';
  /** Without gaps between them, empty ones at neither end; none without samples. */
  readonly bins: readonly Bin[];
}

const MOST_BINS = 15;
/** A spread past this has a log scale. */
const LINEAR_UP_TO = 10;
/** A log scale begins here: what is shorter is no news. */
const LOG_FROM_MS = 1;
const LOG_STEPS: readonly (readonly number[])[] = [[1, 1.5, 2, 3, 5, 7], [1, 2, 5], [1, 3], [1]];

/** Sorts times (ms) into a few bins with round edges. */
export function toBins(series: readonly BinSeries[]): Bins {
  const values = series.flatMap(({ samples }) => samples.map(([value]) => value));
  if (values.length === 0) return { scale: 'linear', bins: [] };
  const least = values.reduce((a, b) => Math.min(a, b));
  const most = values.reduce((a, b) => Math.max(a, b));
  const scale = most / Math.max(least, LOG_FROM_MS) > LINEAR_UP_TO ? 'log' : 'linear';
  const edges = scale === 'log' ? logEdges(least, most) : linearEdges(least, most);
  const counts = edges.map(() => series.map(() => 0));
  series.forEach(({ samples }, index) => {
    for (const [value, count] of samples) {
      const row =
        counts[
          Math.max(
            0,
            edges.findLastIndex((edge) => edge <= value),
          )
        ];
      if (row) row[index] = (row[index] ?? 0) + count;
    }
  });
  const bins = edges
    .slice(0, -1)
    .map((from, index) => ({ from, to: edges[index + 1] ?? from, counts: counts[index] ?? [] }));
  return { scale, bins };
}

/** The last edge is greater than `most`. */
function linearEdges(least: number, most: number): number[] {
  const step = roundStep(Math.max(most - least, most / 100, 1e-3) / (MOST_BINS - 2));
  const first = Math.floor(least / step);
  const count = Math.floor(most / step) - first + 2;
  // Multiplied, not added up: 3 times 0.1 must be 0.3 in a label.
  return Array.from({ length: count }, (_, index) =>
    Number(((first + index) * step).toPrecision(9)),
  );
}

function logEdges(least: number, most: number): number[] {
  const decades = Array.from({ length: 9 }, (_, power) => 10 ** power * LOG_FROM_MS);
  for (const steps of LOG_STEPS) {
    const grid = [0, ...decades.flatMap((decade) => steps.map((step) => decade * step))];
    const first = grid.findLastIndex((edge) => edge <= least);
    const last = grid.findIndex((edge) => edge > most);
    if (last - first <= MOST_BINS || steps.length === 1) return grid.slice(first, last + 1);
  }
  return [];
}

/** 1, 2 or 5 times a power of ten, and not less than this. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 5].find((step) => step * power >= least) ?? 10);
}
