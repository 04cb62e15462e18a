import type { StreamMetrics } from '../../stream/measure.ts';
import { limitLevel } from './limit-level.ts';
import type { Bandwidth } from './summary.ts';

/**
 * Bytes of one answer that come unrestricted, megabytes: of Lambda (Lambda guide, "Configuring response streaming") and of API
 * Gateway ("Stream the integration response"). After them both let 2 MB/s pass. Whether those are 10^6 or 2^20 bytes, neither says.
 */
const KNEES_MB = [6, 10] as const;
const THROTTLED_BYTES_PER_SECOND = { from: 2_000_000, to: 2 * 2 ** 20 } as const;
const TOLERANCE = 0.15;
/** How much faster it was before. */
const BEND = 1.5;
const MEGABYTE = 1_000_000;

/**
 * What the byte curves of a hop's streams say of the throttle.
 * @param streams in the order in which they were sent
 * @param hasThrottle whether the hop has one at all
 */
export function bandwidthOf(streams: readonly StreamMetrics[], hasThrottle: boolean): Bandwidth {
  const largestBytes = streams.reduce((most, { bytes }) => Math.max(most, bytes), 0);
  if (!hasThrottle) return { largestBytes, level: 'ok', throttled: 0 };
  const bends = streams.map(findBend).filter((bend) => bend !== undefined);
  return {
    largestBytes,
    level: limitLevel(largestBytes, KNEES_MB[0] * MEGABYTE),
    throttled: bends.length,
    ...bends[0],
  };
}

/** Where a stream that was fast became one of 2 MB/s; undefined when it did not, or went on for too short a time to tell. */
function findBend({
  megabyteMs,
}: StreamMetrics): { fromBytes: number; bytesPerSecond: number } | undefined {
  /** Between the ends of two megabytes. */
  const rate = (from: number, to: number): number =>
    ((to - from) * MEGABYTE * 1_000) / ((megabyteMs[to - 1] ?? 0) - (megabyteMs[from - 1] ?? 0));
  const last = megabyteMs.length;
  for (const knee of KNEES_MB) {
    // The first whole megabyte past the knee, even if it is one of 2^20.
    const start = knee + 1;
    if (last < start + 1) return undefined;
    const bytesPerSecond = rate(start, last);
    // Close to the knee, too: of a long stream any average is that of its slow part, wherever it began.
    const isThrottled =
      isThrottle(bytesPerSecond) && isThrottle(rate(start, Math.min(start + 2, last)));
    if (isThrottled && rate(knee - 2, knee) >= BEND * bytesPerSecond) {
      return { fromBytes: knee * MEGABYTE, bytesPerSecond };
    }
  }
  return undefined;
}

function isThrottle(bytesPerSecond: number): boolean {
  const { from, to } = THROTTLED_BYTES_PER_SECOND;
  return bytesPerSecond >= from * (1 - TOLERANCE) && bytesPerSecond <= to * (1 + TOLERANCE);
}
