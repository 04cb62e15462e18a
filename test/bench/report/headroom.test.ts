import { expect, test } from 'vitest';
import { gaugesOf } from '../../../src/bench/report/headroom.ts';
import { blockLines } from '../../../src/bench/report/terminal.ts';
import { PLAIN } from '../../helpers/plain-style.ts';
import type { Headroom } from '../../../src/bench/figures/report.ts';

const headroom: Headroom = {
  hop: 'api',
  idleLimitMs: 300_000,
  longest: { hop: 'api', turn: 17, ms: 41_200, atMs: 3_200, after: 'tool-start', where: 'between-reads', endedBy: 'byte' },
  idleLevel: 'ok',
  heartbeats: 0,
  longestContentGapMs: 41_200,
  idleCuts: 0,
  streamLimitMs: 900_000,
  longestStreamMs: 120_000,
  streamLevel: 'ok',
  capCuts: 0,
  bandwidth: { largestBytes: 1_200_000, level: 'ok', throttled: 0 },
};
const shown = (change: Partial<Headroom>): string => {
  const hops = [gaugesOf({ ...headroom, ...change })];
  return blockLines({ type: 'gauges', hops }, { columns: 90, style: PLAIN }).join('\n');
};

test('a bar against each limit', () => {
  expect(shown({})).toMatchInlineSnapshot(`
    "  api (API Gateway)
      longest silence  ████···········╎········╎·····  41.2 s of 300 s (13.7 %)
        At turn 17, from 3.20 s on, after tool-start.
      longest stream   ████···········╎········╎·····  2 min 00 s of 15 min (13.3 %)
      largest answer   ██████·········╎········╎·····  1.2 MB; from 6 MB on 2 MB/s"
  `);
});

test.each([
  [{ idleLevel: 'half' }, 'Warning: more than half of the limit is used.'],
  [{ idleLevel: 'near' }, 'Warning: more than 80 % of the limit is used.'],
  [{ idleLevel: 'reached', idleCuts: 2 }, 'Warning: the limit was reached.'],
  [{ idleLevel: 'reached', idleCuts: 2 }, '2 streams cut by the idle limit.'],
  [{ streamLevel: 'near' }, 'Warning: more than 80 % of the limit is used.'],
  [{ streamLevel: 'reached', capCuts: 1 }, '1 stream cut by the length limit.'],
  [
    { heartbeats: 12, longestContentGapMs: 171_000 },
    '12 heartbeats arrived; without them the longest silence would have been 2 min 51 s.',
  ],
  [{ heartbeats: 1 }, '1 heartbeat arrived.'],
  [{ durationP99Ms: 88_000 }, '99 of 100 streams ended within 1 min 28 s.'],
  [
    { bandwidth: { largestBytes: 14_000_000, level: 'reached', throttled: 3, fromBytes: 10_000_000, bytesPerSecond: 2_010_000 } },
    'Warning: 3 streams slowed down, the first from 10 MB on to 2 MB/s.',
  ],
] as const)('%j', (change, sentence) => {
  expect(shown(change).replaceAll(/\s+/g, ' ')).toContain(sentence);
});

test('without a limit there is no bar, and it is said', () => {
  const { idleLimitMs: _, ...rest } = headroom;
  const [silence] = gaugesOf({ ...rest, hop: 'lambda' }).gauges;
  expect(silence).toMatchObject({ share: undefined, amount: '41.2 s; no known idle limit' });
});

test('a run without any silence', () => {
  const { longest: _, ...rest } = headroom;
  expect(gaugesOf(rest).gauges[0]).toMatchObject({ share: undefined, amount: 'none' });
});
