import type { BenchReport } from '../figures/report.ts';
import { paragraph, section, type Sheet } from './bench-section.ts';
import { formatMs, formatShare, formatSpan, plural } from '../../ui/format.ts';

/** How the measuring client itself fared. */
export function clientLines(report: BenchReport, sheet: Sheet): string[] {
  return section(
    'This client',
    clientWords(report).flatMap((text) => paragraph(text, sheet)),
    sheet,
  );
}

/** The client's own lateness against its bound, and its noise on loopback; sentences. */
export function clientWords({ run, clients, summary }: BenchReport): readonly string[] {
  const { lateness, loopDelayP99Ms, busy } = summary.validity.lag;
  const n = `n ${lateness.n.toLocaleString('en-US')}`;
  const late =
    lateness.p99 !== undefined
      ? `turns sent ${formatMs(lateness.p99)} late at p99 (${n})`
      : `turns sent up to ${formatMs(lateness.max ?? 0)} late (${n})`;
  const what =
    clients.length > 1 ? `Of ${plural(clients.length, 'thread')} the worst` : 'One thread';
  const parts = [
    ...(lateness.n === 0 ? [] : [late]),
    `event loop ${formatMs(loopDelayP99Ms)} late at p99`,
    `busy for ${formatShare(busy)} of the time`,
  ];
  return [
    `${what}: ${parts.join(', ')}. Past ${formatSpan(run.maxLagMs)} of either lateness a run is not valid.`,
    noiseWords(run.noiseFloor),
  ];
}

function noiseWords(noise: BenchReport['run']['noiseFloor']): string {
  if (noise === undefined) return 'Its noise floor was not measured.';
  const { stampErrorP50Ms, stampErrorP99Ms, events, ttfbP50Ms } = noise;
  const stamps = `${formatMs(stampErrorP50Ms)} late, at p99 ${formatMs(stampErrorP99Ms)} (n ${events.toLocaleString('en-US')})`;
  return `Noise floor: it stamps the events of a server on this machine ${stamps}, and sees a first byte after ${formatMs(ttfbP50Ms)}. Differences below that are its own.`;
}
