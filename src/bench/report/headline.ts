import type { BenchReport, GroupSummary, Headroom, Summary } from '../figures/report.ts';
import { levelTone, type Sentence, type Tile } from './document.ts';
import { hopVerdicts } from './hops.ts';
import { CLASS_NAMES, HOP_NAMES, TURNS_OF_CLASS } from './names.ts';
import { throughputParts } from './times.ts';
import { formatMs, formatRough, formatShare, formatSpan, plural } from '../../ui/format.ts';

/** The result in one sentence: of a probe its verdict, else the first byte and the longest silence. An invalid run has neither. */
export function headlineOf({ run, summary }: BenchReport): Sentence {
  const { counts, validity } = summary;
  const noun = run.plan.probe ? 'probe' : 'turn';
  // Until the last turn has ended: a run of few turns sends them in no time.
  const ms = run.durationMs - run.plan.warmupMs;
  const sent = `${plural(counts.sent, noun)}${ms > 0 ? ` in ${formatRough(ms)}` : ''}, ${okWords(summary)}`;
  if (!validity.valid)
    return { text: `INVALID: the client cannot be trusted in this run, so no figure of it is shown: ${sent}.`, tone: 'bad' };
  if (counts.sent === 0) return { text: `${sent}.`, tone: 'warn' };
  const tone = counts.ok === 0 ? 'bad' : undefined;
  if (summary.verdicts.length > 0) return probeHeadline(sent, summary);
  const figures = [speedWords(summary), silenceWords(summary)].filter((part) => part !== undefined);
  return { text: `${[sent, ...figures].join('; ')}.`, tone };
}

function probeHeadline(sent: string, summary: Summary): Sentence {
  const hops = hopVerdicts(summary);
  const streams = summary.verdicts.some(({ name }) => name === 'streaming');
  const isGood = hops.every((hop) => hop.isGood);
  const answer = isGood ? 'It streams' : streams ? 'It does not always stream' : 'It does not stream';
  const words = hops.map(({ hop, text }) => `${hop} ${text}`).join('; ');
  return { text: `${answer}: ${words} (${sent}).`, tone: isGood ? 'good' : 'bad' };
}

function okWords({ counts: { sent, ok } }: Summary): string {
  if (sent === 0) return 'so there is nothing to report';
  if (ok === 0) return 'none ok';
  return ok === sent ? 'all ok' : `${ok.toLocaleString('en-US')} ok (${formatShare(ok / sent)})`;
}

/** `first byte 312 ms at p50 and 812 ms at p95 (180 warm turns)`. */
function speedWords(summary: Summary): string | undefined {
  const group = headlineGroup(summary);
  if (group?.ttfb.p50 === undefined) return undefined;
  const { p50, p95, n } = group.ttfb;
  const severalHops = summary.groups.some(({ hop }) => hop !== group.hop);
  const through = severalHops ? ` through ${HOP_NAMES[group.hop]}` : '';
  const second = p95 === undefined ? '' : ` and ${formatMs(p95)} at p95`;
  const turns = n === 1 ? TURNS_OF_CLASS[group.class].replace('turns', 'turn') : TURNS_OF_CLASS[group.class];
  return `first byte${through} ${formatMs(p50)} at p50${second} (${n.toLocaleString('en-US')} ${turns})`;
}

/** `longest silence 873 ms of 300 s`, of the hop that came nearest to its limit. */
function silenceWords({ headroom }: Summary): string | undefined {
  const shareOf = ({ longest, idleLimitMs }: Headroom): number => (longest?.ms ?? 0) / (idleLimitMs ?? Infinity);
  const nearest = headroom.toSorted((a, b) => shareOf(b) - shareOf(a) || (b.longest?.ms ?? 0) - (a.longest?.ms ?? 0))[0];
  if (!nearest?.longest) return undefined;
  const limit = nearest.idleLimitMs === undefined ? '' : ` of ${formatSpan(nearest.idleLimitMs)}`;
  return `longest silence ${formatMs(nearest.longest.ms)}${limit}`;
}

/** The group that stands for the run: warm turns of the first hop, or else what that hop has most of. */
function headlineGroup({ groups }: Summary): GroupSummary | undefined {
  const good = groups.filter(({ ok }) => ok > 0);
  const ofHop = good.filter(({ hop }) => hop === good[0]?.hop);
  return ofHop.find((group) => group.class === 'warm') ?? ofHop.toSorted((a, b) => b.ok - a.ok)[0];
}

/** The figures that matter most, in the colour of what they mean. */
export function tilesOf(summary: Summary): Tile[] {
  const { counts, headroom } = summary;
  const group = headlineGroup(summary);
  const times = (['ttfb', 'ttft'] as const).flatMap((metric): Tile[] => {
    const { n, p50, p95 } = group?.[metric] ?? { n: 0 };
    if (!group || p50 === undefined) return [];
    const where = `${group.hop}, ${CLASS_NAMES[group.class]}, n ${n.toLocaleString('en-US')}`;
    const value = p95 === undefined ? formatMs(p50) : `${formatMs(p50)} / ${formatMs(p95)}`;
    const label = `${metric === 'ttfb' ? 'First byte' : 'First text'}, p50${p95 === undefined ? '' : ' / p95'}`;
    return [{ label, value, detail: where }];
  });
  const silences = headroom.flatMap(({ hop, longest, idleLimitMs, idleLevel }): Tile[] => {
    if (hop !== (group?.hop ?? headroom[0]?.hop) || !longest) return [];
    const limit = idleLimitMs && `of ${formatSpan(idleLimitMs)} (${formatShare(longest.ms / idleLimitMs)})`;
    const tone = idleLevel === 'ok' ? undefined : levelTone(idleLevel);
    return [{ label: 'Longest silence', value: formatMs(longest.ms), detail: `${hop}, ${limit ?? 'no limit known'}`, tone }];
  });
  const [turns, ...rest] = throughputParts(summary);
  const lost = counts.sent - counts.ok;
  return [
    {
      label: 'Turns ok',
      value: counts.sent === 0 ? '-' : formatShare(counts.ok / counts.sent),
      detail: `${counts.ok.toLocaleString('en-US')} of ${counts.sent.toLocaleString('en-US')}`,
      tone: counts.failed > 0 ? 'bad' : lost > 0 ? 'warn' : undefined,
    },
    ...times,
    ...silences,
    { label: 'Throughput', value: turns.replace(' good', ''), detail: rest.join(', ') },
  ];
}
