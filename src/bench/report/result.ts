import type { BenchReport } from '../figures/report.ts';
import type { GroupSummary, Summary } from '../figures/summary.ts';
import { HOP_NAMES, TURNS_OF_CLASS } from './names.ts';
import { formatMs, formatShare, plural } from '../../ui/format.ts';

/** What a run that is not valid says before its reasons. */
export const INVALID_WORDS =
  'INVALID: the client cannot be trusted in this run, so no figure of it is shown.';

/** What a run says first. */
export type BenchResult =
  | {
      readonly type: 'valid';
      /** `200 turns sent in 30.1 s, 199 ok (99.5 %).` */
      readonly counts: string;
      /** `First byte within 812 ms for 95 of 100 warm turns (n 180).`; empty without a good turn. */
      readonly speed: string;
    }
  | { readonly type: 'invalid'; readonly counts: string; readonly reasons: readonly string[] };

/** The result in plain words. A run that is not valid has no figure of speed at all. */
export function describeResult({ run, summary }: BenchReport): BenchResult {
  const counts = `${plural(summary.counts.sent, 'turn')} sent in ${formatMs(run.sendingMs)}, ${okWords(summary)}.`;
  return summary.validity.valid
    ? { type: 'valid', counts, speed: speedWords(summary) }
    : { type: 'invalid', counts, reasons: summary.validity.reasons };
}

/** The group that stands for the run: warm turns of the first hop, or else what that hop has most of. */
export function headlineGroup({ groups }: Summary): GroupSummary | undefined {
  const good = groups.filter(({ ok }) => ok > 0);
  const ofHop = good.filter(({ hop }) => hop === good[0]?.hop);
  return ofHop.find((group) => group.class === 'warm') ?? ofHop.toSorted((a, b) => b.ok - a.ok)[0];
}

function okWords({ counts: { sent, ok } }: Summary): string {
  if (sent === 0) return 'so there is nothing to report';
  if (ok === 0) return 'none ok';
  return ok === sent ? 'all ok' : `${ok.toLocaleString('en-US')} ok (${formatShare(ok / sent)})`;
}

function speedWords(summary: Summary): string {
  const group = headlineGroup(summary);
  if (!group) return '';
  const { p50, p95, n } = group.ttfb;
  const turns = `${TURNS_OF_CLASS[group.class]} (n ${n.toLocaleString('en-US')})`;
  const severalHops = summary.groups.some(({ hop }) => hop !== group.hop);
  const through = severalHops ? ` through ${HOP_NAMES[group.hop]}` : '';
  if (p95 !== undefined) {
    return `First byte${through} within ${formatMs(p95)} for 95 of 100 ${turns}.`;
  }
  return p50 === undefined
    ? ''
    : `First byte${through} within ${formatMs(p50)} for half of the ${turns}.`;
}
