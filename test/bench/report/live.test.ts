import { expect, test } from 'vitest';
import type { LoadProgress } from '../../../src/bench/run/run-load.ts';
import type { TurnRecord } from '../../../src/bench/run/turn-record.ts';
import { createBenchLive } from '../../../src/bench/report/live.ts';
import { simulateRun } from '../../helpers/bench-report.ts';
import { createMemoryTerminal } from '../../helpers/memory-terminal.ts';
import { COLOURED, PLAIN } from '../../helpers/plain-style.ts';
import { createScreen } from '../../helpers/screen.ts';

const HOPS = [{ hop: 'api' as const, idleLimitMs: 300_000 }];
const [good] = simulateRun({ hops: ['api'], rounds: 3 }).turns.filter(
  ({ phase, outcome }) => phase === 'measured' && outcome === 'ok',
);
const turn = (ttfbMs: number, change: Partial<TurnRecord> = {}): TurnRecord => {
  if (!good) throw new Error('the simulated run has no good turn');
  return { ...good, metrics: { ...good.metrics, ttfbMs }, ...change };
};
const at = (elapsedMs: number, change: Partial<LoadProgress> = {}): LoadProgress => ({
  phase: 'measured',
  elapsedMs,
  done: elapsedMs / 60_000,
  level: 20,
  sent: 40,
  inFlight: 18,
  ...change,
});

test('on a terminal: two lines, redrawn in place and taken away at the end', () => {
  const screen = createScreen(100);
  screen.output.write('above\n');
  const live = createBenchLive(screen.output, COLOURED, { graceMs: 30_000, hops: HOPS });
  for (const [index, ms] of [300, 200, 400, 100].entries()) {
    live.turn(turn(ms));
    live.progress(at((index + 1) * 1_000));
  }
  live.turn(turn(0, { outcome: 'reset' }));
  live.progress(at(30_000));
  expect(screen.lines()).toMatchInlineSnapshot(`
    [
      "above",
      "1 failed, 4 ok · ██████████░░░░░░░░░░ measuring 50 % · 30 s, 29 s left · 18 in flight (level 20)",
      "ttfb p50 200 ms · longest silence 3.93 s of 300 s  ▆▅█▃",
    ]
  `);
  live.stop();
  expect(screen.lines()).toEqual(['above']);
});

test('shows p50 and p95 of the first byte, the longest silence against its limit, and the time that is left', () => {
  const screen = createScreen(140);
  const live = createBenchLive(screen.output, PLAIN, { graceMs: 0, hops: HOPS });
  for (let ms = 101; ms <= 200; ms += 1) live.turn(turn(ms));
  live.turn(turn(0, { outcome: 'idle-cut', metrics: { ...turn(0).metrics, maxGapMs: 300_000 } }));
  live.progress(at(0));
  live.progress(at(15_000));
  expect(screen.lines()[0]).toContain('1 failed, 100 ok · █████░░░░░░░░░░░░░░░ measuring 25 % · 15 s, 45 s left');
  expect(screen.lines()[1]).toMatch(/^ttfb p50 150 ms p95 195 ms · longest silence 5 min 00 s of 300 s/);
});

test('no more than eight redraws a second, however often it is told', () => {
  const screen = createScreen(100);
  const live = createBenchLive(screen.output, PLAIN, { graceMs: 0, hops: HOPS });
  for (let ms = 0; ms < 10_000; ms += 10) live.progress(at(ms));
  expect(screen.writes.length).toBeGreaterThan(70);
  expect(screen.writes.length).toBeLessThanOrEqual(80);
});

test.each([40, 60, 200])('no line is wrapped in %i columns, and failures are seen', (columns) => {
  const screen = createScreen(columns);
  const live = createBenchLive(screen.output, PLAIN, { graceMs: 900_000, hops: HOPS });
  live.turn(turn(300));
  live.turn(turn(300, { hop: 'agentcore' }));
  live.turn(turn(300, { outcome: 'reset' }));
  live.progress(at(59_000, { inFlight: 12_345, level: 1_234.56 }));
  live.progress(at(61_000, { phase: 'draining', inFlight: 12_345 }));
  expect(screen.lines().length).toBeLessThanOrEqual(2);
  expect(screen.lines()[0]).toContain('1 failed, 2 ok');
});

test('while it waits for the last streams it says how many, how long at most, and how to end it', () => {
  const screen = createScreen(160);
  const live = createBenchLive(screen.output, PLAIN, { graceMs: 30_000, hops: HOPS });
  live.progress(at(60_000));
  live.progress(at(60_500, { phase: 'draining', inFlight: 12 }));
  expect(screen.lines()[0]).toContain('waiting for 12 streams, 30 s at most');
  live.progress(at(67_500, { phase: 'draining', inFlight: 1 }));
  expect(screen.lines()[0]).toContain('waiting for 1 stream, 23 s at most');
  expect(screen.lines()[0]).toContain('Ctrl-C ends now, with the report so far');
  live.progress(at(69_000, { phase: 'draining', inFlight: 0 }));
  expect(screen.lines()[0]).toContain('stopping the sessions');
});

test('counts what is measured; unfinished and cancelled turns are no failures', () => {
  const screen = createScreen(120);
  const live = createBenchLive(screen.output, PLAIN, { graceMs: 0, hops: HOPS });
  for (const phase of ['warmup', 'measured'] as const) {
    for (const outcome of ['ok', 'ok', 'reset', 'unfinished', 'cancelled'] as const) {
      live.turn(turn(300, { phase, outcome }));
    }
  }
  live.progress(at(1_000));
  expect(screen.lines()[0]).toContain('1 failed, 2 ok');
});

test('each hop has its own current first byte, in open load from the plan', () => {
  const screen = createScreen(120);
  const live = createBenchLive(screen.output, PLAIN, { graceMs: 0, hops: HOPS });
  live.turn(turn(300, { plannedMs: 1_000, sentMs: 1_150 }));
  live.turn(turn(200, { hop: 'lambda' }));
  live.progress(at(1_000));
  expect(screen.lines()[1]).toMatch(/^ttfb api p50 450 ms, lambda p50 200 ms · longest silence /);
});

test('without a terminal: a line for each phase and one now and then, append-only', () => {
  const { stderr, text } = createMemoryTerminal();
  const live = createBenchLive(stderr, PLAIN, { graceMs: 5_000, hops: HOPS }, 10_000);
  live.progress(at(0, { phase: 'warmup', done: 0 }));
  for (let ms = 5_000; ms < 60_000; ms += 100) {
    if (ms === 20_000) live.turn(turn(312));
    live.progress(at(ms));
  }
  live.progress(at(60_000, { phase: 'draining', inFlight: 3 }));
  live.stop();
  expect(text.stderr).toMatchInlineSnapshot(`
    "0 failed, 0 ok · warm-up 0 % · 0 s · 18 in flight (level 20)
    0 failed, 0 ok · measuring 8 % · 5 s · 18 in flight (level 20)
    0 failed, 0 ok · measuring 25 % · 15 s, 30 s left · 18 in flight (level 20)
    0 failed, 1 ok · measuring 41 % · 25 s, 27 s left · 18 in flight (level 20) · ttfb p50 312 ms · longest silence 3.93 s of 300 s
    0 failed, 1 ok · measuring 58 % · 35 s, 21 s left · 18 in flight (level 20) · ttfb p50 312 ms · longest silence 3.93 s of 300 s
    0 failed, 1 ok · measuring 75 % · 45 s, 13 s left · 18 in flight (level 20) · ttfb p50 312 ms · longest silence 3.93 s of 300 s
    0 failed, 1 ok · measuring 91 % · 55 s, 4 s left · 18 in flight (level 20) · ttfb p50 312 ms · longest silence 3.93 s of 300 s
    0 failed, 1 ok · waiting for 3 streams, 5 s at most · Ctrl-C ends now, with the report so far · ttfb p50 312 ms · longest silence 3.93 s of 300 s
    "
  `);
});
