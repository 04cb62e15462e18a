import type { Distribution } from '../../stream/distribution.ts';
import type { GroupSummary } from '../figures/summary.ts';

/** A row of the tables of times. */
export interface Figure {
  readonly metric: keyof GroupSummary;
  readonly label: string;
  /** What it is, in a sentence: the same in every report. */
  readonly definition: string;
  readonly of: (group: GroupSummary) => Distribution;
}

/** The metrics of a group, in the order in which they happen. */
export const FIGURES: readonly Figure[] = [
  {
    metric: 'ttfb',
    label: 'ttfb',
    definition: 'From sending the turn to the first byte of the body; never the headers.',
    of: ({ ttfb }) => ttfb,
  },
  {
    metric: 'ttfe',
    label: 'ttfe',
    definition: 'To the first event that is no comment.',
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
    definition:
      'Between two reads that follow each other: what an idle timer sees. A heartbeat ends a gap.',
    of: ({ gap }) => gap,
  },
  {
    metric: 'contentGap',
    label: 'content gap',
    definition:
      'Between two events with text, reasoning or a tool: what a person sees. A heartbeat does not end it.',
    of: ({ contentGap }) => contentGap,
  },
  {
    metric: 'maxGap',
    label: 'longest gap',
    definition: 'The longest gap of each stream.',
    of: ({ maxGap }) => maxGap,
  },
  {
    metric: 'duration',
    label: 'duration',
    definition: 'From sending the turn to the last byte.',
    of: ({ duration }) => duration,
  },
];

export const PERCENTILES = ['p50', 'p90', 'p95', 'p99', 'max'] as const;
export type Percentile = (typeof PERCENTILES)[number];

/** Why a percentile may be missing. */
export const WITHHELD =
  'n is the number of samples. A percentile that n cannot carry is withheld (-): p90 below 10, p95 below 20, p99 below 100.';

/** Any percentile of these groups is missing although there are samples. */
export function withholds(groups: readonly GroupSummary[]): boolean {
  return groups.some((group) =>
    FIGURES.some(
      ({ of }) => of(group).n > 0 && PERCENTILES.some((p) => of(group)[p] === undefined),
    ),
  );
}
