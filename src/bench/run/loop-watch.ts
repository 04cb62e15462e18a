import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import type { ClientFacts } from './turn-record.ts';
import { mostOf } from '../../stream/distribution.ts';

/** How often the loop is looked at, ms. The monitor's figures hold this wait; it is taken off. */
const RESOLUTION_MS = 10;
/** A shorter part says nothing, unless it is the only one. */
const SHORTEST_PART_MS = 1_000;

/** How this thread's own event loop fares, in parts: a long quiet end would make a busy time before it look good. */
export function createLoopWatch() {
  const ended: ReturnType<ReturnType<typeof beginPart>['read']>[] = [];
  let current: ReturnType<typeof beginPart> | undefined;
  const end = (): void => {
    if (!current) return;
    ended.push(current.read());
    current.end();
    current = undefined;
  };
  const read = (): ClientFacts => {
    const parts = current ? [...ended, current.read()] : ended;
    const judged = parts.filter(({ ms }, index) => index === 0 || ms >= SHORTEST_PART_MS);
    const worst = (name: keyof ClientFacts): number => mostOf(judged, (part) => part[name]);
    return { loopDelayP99Ms: worst('loopDelayP99Ms'), loopDelayMaxMs: worst('loopDelayMaxMs'), busy: worst('busy') };
  };
  return {
    /** Begins a part, and ends the one before. */
    start() {
      end();
      current = beginPart();
    },
    /** The worst of all parts so far; all zero when none was begun. */
    read,
    /** Ends the last part. @returns as `read` */
    stop() {
      end();
      return read();
    },
  };
}

function beginPart() {
  const startedAt = performance.now();
  const before = performance.eventLoopUtilization();
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  const toDelayMs = (nanos: number): number => Math.max(0, nanos / 1_000_000 - RESOLUTION_MS);
  return {
    read: () => ({
      ms: performance.now() - startedAt,
      loopDelayP99Ms: toDelayMs(delays.percentile(99)),
      loopDelayMaxMs: toDelayMs(delays.max),
      busy: performance.eventLoopUtilization(before).utilization,
    }),
    end: () => void delays.disable(),
  };
}
