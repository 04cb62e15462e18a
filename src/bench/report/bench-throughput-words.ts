import type { GroupSummary, Summary } from '../figures/summary.ts';
import { groupName } from './bench-names.ts';
import { formatBytes, formatCount } from '../../ui/format.ts';

/** What came through in all: `6.6 good turns/s, 320 events/s, 45.2 kB/s`. */
export function throughputWords(throughput: Summary['throughput']): string {
  const { turnsPerSecond, eventsPerSecond, bytesPerSecond } = throughput;
  return [
    `${rate(turnsPerSecond)} good turns/s`,
    `${rate(eventsPerSecond)} events/s`,
    `${formatBytes(Math.round(bytesPerSecond))}/s`,
  ].join(', ');
}

/** How fast a single stream was; undefined when none was long enough to have a speed. */
export function withinStreamWords(group: GroupSummary): string | undefined {
  const { eventsPerSecond, bytesPerSecond } = group;
  if (eventsPerSecond.p50 === undefined || bytesPerSecond.p50 === undefined) return undefined;
  const speed = `${rate(eventsPerSecond.p50)} events/s and ${formatBytes(Math.round(bytesPerSecond.p50))}/s`;
  return `Within a stream (${groupName(group)}): ${speed} (median of ${formatCount(eventsPerSecond.n)}).`;
}

function rate(perSecond: number): string {
  return perSecond < 10 ? perSecond.toFixed(1) : formatCount(Math.round(perSecond));
}
