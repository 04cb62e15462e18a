import { expect, test } from 'vitest';
import type { Stack } from '../../../src/aws/stack.ts';
import { statusLines } from '../../../src/stack/report/status-lines.ts';
import { stackStatus } from '../../../src/stack/stack-status.ts';
import { BARE_STACK } from '../../helpers/bare-stack.ts';
import { COLOURED, PLAIN } from '../../helpers/plain-style.ts';

const NOW = Date.parse('2026-11-22T18:04:05.123Z');

/** The lines of a stack of which nothing was read back, by their names. */
function rowsOf(parts: Partial<Stack>, style = PLAIN): Record<string, string> {
  const facts = stackStatus({ ...BARE_STACK, ...parts }, undefined, { region: 'us-east-1', url: undefined });
  const lines = statusLines(facts, style, { target: {}, nowMs: NOW }).trimEnd().split('\n');
  return Object.fromEntries(lines.map((line) => /^(\S+(?: \S+)*) {2,}(.*)$/.exec(line)?.slice(1) ?? [line, '']));
}

test('a stack that is being created says what is not there yet', () => {
  expect(rowsOf({ status: 'CREATE_IN_PROGRESS', statusReason: 'User Initiated' })).toMatchObject({
    Stack: 'x in us-east-1',
    Status: 'CREATE_IN_PROGRESS (User Initiated)',
    URL: 'none yet',
    Endpoint: 'none yet',
    Integration: 'none yet',
    Function: 'none yet',
    Logs: 'none yet',
  });
});

test.each([
  ['CREATE_COMPLETE', 'green'],
  ['UPDATE_IN_PROGRESS', 'yellow'],
  ['UPDATE_ROLLBACK_IN_PROGRESS', 'red'],
  ['DELETE_FAILED', 'red'],
] as const)('%s is %s', (status, colour) => {
  expect(rowsOf({ status }, COLOURED)['Status']).toBe(COLOURED[colour](status));
});

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

test.each([
  [59_999, 'just now'],
  [MINUTE, '1 min ago'],
  [HOUR - 1, '59 min ago'],
  [HOUR, '1 h ago'],
  [48 * HOUR - 1, '47 h ago'],
  [48 * HOUR, '2 days ago'],
  [240 * HOUR, '10 days ago'],
])('a change %d ms ago was %s', (ms, words) => {
  const at = new Date(NOW - ms);
  expect(rowsOf({ updatedAt: at })['Changed']).toBe(`${at.toISOString()} (${words})`);
});

test.each([
  ['auto', 'auto: a comment follows when the agent pauses'],
  ['pause', 'pause: the same, and the head leaves 25 ms before the payload'],
  ['off', 'off'],
  ['4096', 'every write padded to 4096 bytes'],
  [undefined, 'none: an older version deployed the stack'],
])('the flush mode %s', (FlushMode, words) => {
  expect(rowsOf({ parameters: FlushMode === undefined ? {} : { FlushMode } })['Flush mode']).toBe(words);
});
