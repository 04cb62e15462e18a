import type { BenchReport } from '../figures/report.ts';
import type { GroupSummary } from '../figures/summary.ts';
import { turnTime } from '../figures/turn-groups.ts';
import { type BinSeries, renderHistogram } from './histogram.ts';
import { CLASS_NAMES } from './names.ts';
import { section, type Sheet } from './sheet.ts';
import type { TurnRecord } from '../run/turn-record.ts';
import { type GapHistogram, gapPercentile } from '../../stream/gap-histogram.ts';
import type { Hop } from '../../stream/stream-part.ts';
import { plural } from '../../ui/format.ts';

/** Histograms of the first byte and of the silences, one each for a hop, its classes told apart. */
export function distributionLines({ summary, turns }: BenchReport, sheet: Sheet): string[] {
  const hops = [...new Set(summary.groups.map(({ hop }) => hop))];
  return hops.flatMap((hop) => {
    // Warm turns first: theirs is the fullest bar.
    const groups = summary.groups.filter((group) => group.hop === hop).toReversed();
    const good = turns.filter((turn) => turn.hop === hop && turn.phase === 'measured' && turn.outcome === 'ok');
    return [
      ...titled(
        'First byte',
        hop,
        'turn',
        groups.map((group) => firstBytes(group, good)),
        sheet,
      ),
      ...titled('Silences', hop, 'silence', groups.map(gapSeries), sheet),
    ];
  });
}

function titled(title: string, hop: Hop, noun: string, series: readonly BinSeries[], sheet: Sheet): string[] {
  const n = series.reduce((sum, { samples }) => sum + samples.reduce((held, [, count]) => held + count, 0), 0);
  const lines = section(`${title}, ${hop} (${plural(n, noun)})`, renderHistogram(series, sheet), sheet);
  return lines.length === 0 ? [] : [...lines, ''];
}

function firstBytes(group: GroupSummary, good: readonly TurnRecord[]): BinSeries {
  const samples = good
    .filter((turn) => turn.class === group.class)
    .flatMap((turn) => {
      const ms = turnTime(turn, 'ttfb');
      return ms === undefined ? [] : [[ms, 1] as const];
    });
  return { label: CLASS_NAMES[group.class], samples };
}

function gapSeries(group: GroupSummary): BinSeries {
  const { buckets } = group.gapHistogram;
  return {
    label: CLASS_NAMES[group.class],
    samples: buckets.map(([bucket, count]) => [bucketMs(bucket, count), count]),
  };
}

/** The highest gap that falls into a bucket, ms: what the percentile of a histogram of this bucket alone is. */
function bucketMs(bucket: number, count: number): number {
  const alone: GapHistogram = { count, maxMs: Infinity, buckets: [[bucket, count]] };
  return gapPercentile(alone, 100) ?? 0;
}
