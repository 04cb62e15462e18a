import { expect, test } from 'vitest';
import { describeWaiting, type Waiting } from '../../src/ui/waiting-line.ts';

const waiting: Waiting = {
  phase: 'streaming',
  silentMs: 4_200,
  idleMs: 4_200,
  idleLimitMs: 300_000,
  tool: undefined,
  heartbeats: 0,
};

test.each([
  [{ phase: 'connecting', silentMs: 900 }, 'connecting 0 s'],
  [{ phase: 'accepted' }, 'accepted, waiting for the agent 4 s'],
  [{}, 'waiting for more 4 s'],
  [{ tool: { name: 'search', runningMs: 12_900 } }, 'tool search running 12 s'],
  [{ heartbeats: 1 }, 'waiting for more 4 s · 1 heartbeat'],
  [
    { silentMs: 40_000, idleMs: 25_000 },
    'waiting for more 40 s · silent for 25 s, the idle limit cuts in 4 min 35 s',
  ],
  [{ silentMs: 40_000, idleMs: 5_000, heartbeats: 3 }, 'waiting for more 40 s · 3 heartbeats'],
  [{ silentMs: 40_000, idleMs: 40_000, idleLimitMs: undefined }, 'waiting for more 40 s'],
] as const)('%j', (change, text) => {
  expect(describeWaiting({ ...waiting, ...change })).toBe(text);
});
