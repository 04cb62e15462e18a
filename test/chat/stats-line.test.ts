import { expect, test } from 'vitest';
import { createStreamMeter } from '../../src/stream/measure.ts';
import { statsLine } from '../../src/chat/stats-line.ts';

const metrics = () => {
  const meter = createStreamMeter(0);
  meter.headers(100);
  for (let index = 0; index < 11; index += 1) {
    meter.read(200 + index * 100, 20);
    meter.events(200 + index * 100, [{ type: 'text-delta', text: 'x' }]);
  }
  return meter;
};

test('one turn in one line', () => {
  const line = statsLine(metrics().finish(1_200, 'ok'), {
    idleLimitMs: 300_000,
    sessionId: 'a1b2c3d4-rest',
    isNewSession: true,
    serverTiming: 'init;dur=312.4, agentcore;dur=80',
  });
  expect(line).toBe(
    'ttfb 200 ms · first text 200 ms · 11 events/s · longest silence 200 ms of 300 s before the first byte · 11 events in 1.20 s · 220 B · session a1b2c3d4 new · cold start 312 ms',
  );
});

test('says how the answer ended, unless it just stopped', () => {
  const line = (finishReason: 'length' | 'stop') =>
    statsLine(metrics().finish(1_200, 'ok'), { idleLimitMs: undefined, finishReason });
  expect(line('length')).toMatch(/^ended by length · ttfb/);
  expect(line('stop')).toMatch(/^ttfb/);
});

test('says first what went wrong, and leaves out what is not known', () => {
  expect(statsLine(createStreamMeter(0).finish(40, 'reset'), { idleLimitMs: undefined })).toBe(
    'reset · no body · longest silence 40 ms before the first byte, ended by a cut · 0 events in 40 ms · 0 B',
  );
});

test('a stream that was cut for its silence was silent for as long as the limit', () => {
  const line = statsLine(metrics().finish(6_150, 'idle-cut', 5_000), { idleLimitMs: 5_000 });
  expect(line).toContain('longest silence 5.00 s of 5 s after text-delta, ended by a cut · 11 events in 6.20 s');
});
