import type { BenchReport } from '../../src/bench/figures/report.ts';
import type { TurnRecord } from '../../src/bench/run/turn-record.ts';
import { simulateRun } from './bench-report.ts';

/** What a server, or somebody in between, might send to do harm where it is shown. */
export const HOSTILE = [
  '</script><script>document.title = "owned"</script>',
  '<img src=x onerror="document.title = 1">',
  '\u001B[2J\u001B]0;owned\u0007',
  '| a | b | `code` [link](https://evil.example) @everyone',
  '\u202Egnp.exe\nsecond line',
  '<!--<script>',
  'owner/repo#1 and ~~struck~~ *bold* __under__',
];

/** A run in which every word that comes from outside is hostile. */
export function hostileRun(): BenchReport {
  const hostile = (turn: TurnRecord): string => HOSTILE[turn.index % HOSTILE.length] ?? '';
  return simulateRun({
    rounds: 40,
    change(turn) {
      const text = hostile(turn);
      const { metrics, trace } = turn;
      const top = metrics.gaps.top.map((gap) => ({ ...gap, after: text }));
      return {
        ...turn,
        ...(turn.index % 5 === 0 && { outcome: 'error-event', code: text }),
        metrics: { ...metrics, gaps: { ...metrics.gaps, top } },
        ...(trace && { trace: { ...trace, eventTypes: trace.eventTypes.map(() => text) } }),
      };
    },
    run: { versions: { agentstream: HOSTILE[0] ?? '', node: HOSTILE[1] ?? '' } },
  });
}

/** A run whose client was too slow. */
export function invalidRun(): BenchReport {
  return simulateRun({ rounds: 40, clients: [{ loopDelayP99Ms: 48.5, loopDelayMaxMs: 130, busy: 0.99 }] });
}

/** A probe of 20 streams, one of which came all at once. */
export function probeRun(): BenchReport {
  return simulateRun({
    hops: ['api'],
    rounds: 20,
    change: (turn) => ({
      ...turn,
      verdict: {
        name: turn.pair === 3 ? 'buffered' : 'streaming',
        eventsPerRead: turn.pair === 3 ? 20 : 1,
        coalesced: turn.pair === 3 ? 1 : 0,
        firstLagMs: 4,
        medianLagMs: 2,
      },
    }),
  });
}
