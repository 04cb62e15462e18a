import { expect, test } from 'vitest';
import { roundTimes } from '../../../src/bench/run/run-clock.ts';

test('every number in it has a microsecond at most, and the rest is as it was', () => {
  expect(roundTimes({ ms: 0.1 + 0.2, list: [1 / 3, 2], of: { text: '1.23456', none: undefined, no: null } })).toEqual({
    ms: 0.3,
    list: [0.333, 2],
    of: { text: '1.23456', none: undefined, no: null },
  });
});
