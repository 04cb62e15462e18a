import { expect, test } from 'vitest';
import { createStreamMeter } from '../../src/stream/measure.ts';

const text = (value: string) => ({ type: 'text-delta', text: value }) as const;

test('keeps headers, first byte, first event and first text apart', () => {
  const meter = createStreamMeter(1_000);
  meter.headers(1_010);
  meter.read(1_020, 14);
  meter.events(1_020, [{ type: 'heartbeat' }]);
  meter.read(1_050, 30);
  meter.events(1_050, [{ type: 'data', event: 'message', data: '{}' }, text('')]);
  meter.read(1_070, 20);
  meter.events(1_070, [text('hi')]);
  expect(meter.finish(1_075, 'ended')).toEqual({
    outcome: 'ok',
    headersMs: 10,
    ttfbMs: 20,
    ttfeMs: 50,
    ttftMs: 70,
    durationMs: 70,
    maxGapMs: 30,
    maxGapAtMs: 20,
    reads: 3,
    bytes: 64,
    events: 3,
    heartbeats: 1,
  });
});

test('a gap is between two reads, whatever was in them', () => {
  const meter = createStreamMeter(0);
  for (const at of [100, 110, 300, 400]) meter.read(at, 1);
  expect(meter.finish(900, 'ended')).toMatchObject({
    maxGapMs: 190,
    maxGapAtMs: 110,
    durationMs: 400,
  });
});

test('an error event makes a stream that ended well a failure', () => {
  const meter = createStreamMeter(0);
  meter.events(5, [{ type: 'error', message: 'no' }]);
  expect(meter.finish(6, 'ended').outcome).toBe('error-event');
});

test.each(['reset', 'cancelled', 'http-error'] as const)('%s stays what it is', (ending) => {
  expect(createStreamMeter(0).finish(7, ending)).toMatchObject({
    outcome: ending,
    durationMs: 7,
    reads: 0,
  });
});
