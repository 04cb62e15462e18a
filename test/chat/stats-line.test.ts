import { expect, test } from 'vitest';
import { StreamMeter } from '../../src/stream/measure.ts';
import { statsLine as fixedLine } from '../../src/chat/stats-line.ts';
import { FIXED_SPACE } from '../../src/ui/wrap-text.ts';

const statsLine = (...turn: Parameters<typeof fixedLine>): string => fixedLine(...turn).replaceAll(FIXED_SPACE, ' ');

const metrics = () => {
  const meter = new StreamMeter(0);
  meter.headers(100);
  for (let index = 0; index < 11; index += 1) {
    meter.read(200 + index * 100, 20);
    meter.events(200 + index * 100, [{ type: 'text-delta', text: 'x' }]);
  }
  return meter;
};

test('one turn in one line', () => {
  const turn = {
    metrics: metrics().finish(1_200, 'ok'),
    sessionId: 'a1b2c3d4-rest',
    serverTiming: 'init;dur=312.4, agentcore;dur=80',
  };
  const facts = { idleLimitMs: 300_000, isNewSession: true };
  expect(statsLine(turn, facts, false)).toBe(
    'ttfb 200 ms · longest silence 200 ms of 300 s before the first byte · 1.20 s in all',
  );
  expect(statsLine(turn, facts, true)).toBe(
    'ttfb 200 ms · first text 200 ms · 11 events/s · longest silence 200 ms of 300 s before the first byte · 11 events in 1.20 s · 220 B · session a1b2c3d4 new · cold start 312 ms',
  );
});

test('says how the answer ended, unless it just stopped', () => {
  const line = (finishReason: 'length' | 'stop') =>
    statsLine({ metrics: metrics().finish(1_200, 'ok'), finishReason }, { idleLimitMs: undefined }, false);
  expect(line('length')).toMatch(/^ended by length · ttfb/);
  expect(line('stop')).toMatch(/^ttfb/);
});

test('says first what went wrong, and leaves out what is not known', () => {
  expect(statsLine({ metrics: new StreamMeter(0).finish(40, 'reset') }, { idleLimitMs: undefined }, true)).toBe(
    'reset · no body · longest silence 40 ms before the first byte, ended by a cut · 0 events in 40 ms · 0 B',
  );
});

test('a stream that was cut for its silence was silent for as long as the limit', () => {
  const line = statsLine({ metrics: metrics().finish(6_150, 'idle-cut', 5_000) }, { idleLimitMs: 5_000 }, true);
  expect(line).toContain('longest silence 5.00 s of 5 s after text-delta, ended by a cut · 11 events in 6.20 s');
});
