import type { Hop } from '../../stream/stream-part.ts';
import type { LimitLevel } from '../figures/report.ts';

/** A report as data, in words that are chosen here once. Renderers skip blocks that they cannot show, and empty sections. */
export interface ReportDocument {
  /** The result in one sentence: first on a page, last in a terminal. */
  readonly headline: Sentence;
  /** Why no figure can be trusted, a sentence each; empty for a good report. */
  readonly reasons: readonly string[];
  readonly sections: readonly Section[];
}

export interface Section {
  readonly id: string;
  /** Empty: the blocks stand without a heading. */
  readonly title: string;
  readonly blocks: readonly Block[];
  /** Folded away where a reader can unfold it. */
  readonly isFolded?: boolean;
}

/** How a text is painted. `note`: of lesser weight. */
export type Tone = 'good' | 'warn' | 'bad' | 'note';

export type Sentence = { readonly text: string; readonly tone?: Tone | undefined };

export type Block =
  | { readonly type: 'sentences'; readonly sentences: readonly Sentence[]; readonly isList?: boolean }
  | Table
  | { readonly type: 'gauges'; readonly hops: readonly HopGauges[] }
  | { readonly type: 'bars'; readonly title: string; readonly series: readonly BinSeries[] }
  | { readonly type: 'intervals'; readonly intervals: readonly Interval[] }
  | { readonly type: 'tiles'; readonly tiles: readonly Tile[] }
  | { readonly type: 'chart'; readonly chart: ChartName };

/** Charts that only the page has; it draws them from the turns themselves. */
export type ChartName = 'latency' | 'gaps' | 'streams' | 'bytes';

export interface Table {
  readonly type: 'table';
  readonly label: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
}

export interface Column {
  readonly name: string;
  /** `code`: typed by somebody. `rest`: prose that takes the space which the others leave. `aside`: the same, on the page only. */
  readonly kind?: 'number' | 'code' | 'rest' | 'aside';
  /** Its cells have the tone of their row. */
  readonly isToned?: boolean;
  /** A narrow terminal leaves out the column with the highest number first. */
  readonly drop?: number;
}

/** Cells of a row, or a heading over the rows that follow. */
export type Row = { readonly cells: readonly string[]; readonly tone?: Tone | undefined } | { readonly heading: string };

export type HopGauges = { readonly hop: Hop; readonly title: string; readonly gauges: readonly Gauge[] };

/** How much of one limit was used. */
export interface Gauge {
  readonly label: string;
  /** Share of the limit, 0 and more; undefined without a limit. */
  readonly share: number | undefined;
  /** `41.2 s of 300 s (13.7 %)`. */
  readonly amount: string;
  readonly level: LimitLevel;
  /** The level in words; undefined when all is well. */
  readonly warning: string | undefined;
  readonly notes: readonly string[];
}

/** Values of one kind (ms), each with how often it occurs. */
export type BinSeries = { readonly label: string; readonly samples: readonly (readonly [value: number, count: number])[] };

/** A difference in words, and where it lies; no place where it is not known. */
export interface Interval {
  readonly text: string;
  readonly hop: Hop;
  readonly place?: { readonly lowMs: number; readonly medianMs: number; readonly highMs: number };
}

/** A figure that matters, on a card of its own. */
export interface Tile {
  readonly label: string;
  readonly value: string;
  readonly detail: string;
  readonly tone?: Tone | undefined;
}

/** The tone of a limit that was used so far. */
export function levelTone(level: LimitLevel): Tone {
  if (level === 'ok') return 'good';
  return level === 'half' ? 'warn' : 'bad';
}
