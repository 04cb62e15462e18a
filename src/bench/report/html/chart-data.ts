import type { Hop } from '../../../stream/stream-part.ts';

/** Input of the page's script: plain data in a script element of the page. */
export interface ChartData {
  readonly cdfs: readonly CdfData[];
  readonly gaps: GapData | undefined;
  readonly bytes: ByteData | undefined;
}

/** Shares of turns by time, of one metric. */
export interface CdfData {
  readonly metric: 'ttfb' | 'ttft' | 'duration';
  /** ms, ascending. */
  readonly x: readonly number[];
  readonly isLog: boolean;
  readonly series: readonly CdfSeries[];
}

export interface CdfSeries {
  readonly label: string;
  /** Turns that are in it. */
  readonly n: number;
  readonly hop: Hop;
  /** Lengths of dash and gap, px; none: a solid line. */
  readonly dash: readonly number[];
  /** The first of `x` at which the line is drawn, and the percent of turns there and at each that follows. */
  readonly from: number;
  readonly y: readonly number[];
}

/** Gaps over the time of the run. */
export interface GapData {
  readonly series: readonly GapSeries[];
  readonly limits: readonly { readonly label: string; readonly ms: number }[];
  /** Event types before the gaps; points refer to them by number. */
  readonly after: readonly string[];
}

export interface GapSeries {
  readonly label: string;
  /** `bad`: of streams that did not end well. */
  readonly kind: Hop | 'bad';
  /** When (s since the start of the run), how long (ms), turn, number in `after`; ascending by time. */
  readonly points: readonly (readonly [atS: number, ms: number, turn: number, after: number])[];
}

export interface ByteData {
  readonly curves: readonly ByteCurve[];
  readonly limits: readonly { readonly label: string; readonly bytes: number }[];
  /** Where the throttle begins to hold: a line of its throughput is drawn from here. */
  readonly throttle: { readonly atS: number; readonly bytes: number; readonly bytesPerSecond: number } | undefined;
}

export interface ByteCurve {
  readonly label: string;
  readonly hop: Hop;
  readonly dash: readonly number[];
  /** Seconds since sent, ascending; and bytes up to then. */
  readonly x: readonly number[];
  readonly y: readonly number[];
}
