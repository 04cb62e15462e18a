import { expect, test } from 'vitest';
import { parseDuration, parseSince } from '../../src/cli/flag-values.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');

test.each([
  ['90s', '2026-11-22T11:58:30.000Z'],
  ['10m', '2026-11-22T11:50:00.000Z'],
  ['2h', '2026-11-22T10:00:00.000Z'],
  ['1d', '2026-11-21T12:00:00.000Z'],
  ['2026-11-20T18:00Z', '2026-11-20T18:00:00.000Z'],
  ['2026-11-20', '2026-11-20T00:00:00.000Z'],
])('%s', (text, moment) => {
  expect(new Date(parseSince(text, NOW)).toISOString()).toBe(moment);
});

test.each(['', '10', '5 m', '1w', 'now', '2026-13-40'])('not a time: %s', (text) => {
  expect(() => parseSince(text, NOW)).toThrow(/--since does not understand/);
});

const parse = parseDuration('--grace', 3_600_000);

test.each([
  ['0', 0],
  ['500ms', 500],
  ['1.5s', 1_500],
  ['2m', 120_000],
  ['1h', 3_600_000],
])('the time %s is %i ms', (text, ms) => {
  expect(parse(text)).toBe(ms);
});

test.each(['', '5', '-1s', '1 s', '2h', '1w'])('not a time of a flag: %j', (text) => {
  expect(() => parse(text)).toThrow(`--grace takes a time such as 500ms, 15s or 2m, at most 3600s, not ${text}`);
});
