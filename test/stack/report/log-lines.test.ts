import { expect, test } from 'vitest';
import { logLine } from '../../../src/stack/report/log-reporter.ts';
import { COLOURED, PLAIN } from '../../helpers/plain-style.ts';

const AT = Date.parse('2026-11-22T18:04:05.123Z');
const line = (text: string, level?: string) =>
  ({ atMs: AT, source: 'function', entry: { type: 'line', text, level, requestId: undefined } }) as const;
const PIPE = { isTTY: false, columns: 80 };

test.each([
  ['UTC', '18:04:05.123'],
  ['Asia/Kolkata', '23:34:05.123'],
  ['America/St_Johns', '14:34:05.123'],
])('a terminal in the zone %s shows its time alone', (zone, time) => {
  const before = process.env['TZ'];
  process.env['TZ'] = zone;
  try {
    expect(logLine(line('hello'), PLAIN, { isTTY: true, columns: 200 })).toBe(`${time} function hello\n`);
  } finally {
    if (before === undefined) delete process.env['TZ'];
    else process.env['TZ'] = before;
  }
});

test('the lines of one message stand below each other; nothing in them moves a cursor', () => {
  expect(logLine(line('one\ntwo\u001B[2J\u202E', 'error'), PLAIN, PIPE)).toBe(
    '2026-11-22T18:04:05.123Z function error one\n                                  two\uFFFD[2J\uFFFD\n',
  );
});

test('errors and refused requests are red, cold starts yellow', () => {
  expect(logLine(line('x', 'error'), COLOURED, PIPE)).toContain('\u001B[31merror');
  const refused = logLine({ atMs: AT, source: 'access', entry: { status: 429, error: 'Too Many Requests' } }, COLOURED, PIPE);
  expect(refused).toContain('\u001B[31m429');
  expect(refused).toContain('Too Many Requests');
  const report = logLine(
    {
      atMs: AT,
      source: 'function',
      entry: {
        type: 'report',
        requestId: '8f507cfc-4a8a-4697-b07a-ac58fc914c95',
        durationMs: 1_340,
        billedMs: 1_500,
        initMs: 160,
        memoryMb: 512,
        usedMemoryMb: 64,
      },
    },
    COLOURED,
    PIPE,
  );
  expect(report).toContain('\u001B[33mcold start 160 ms');
  expect(report).toContain('ran 1.34 s · billed 1.50 s');
  expect(report).toContain('64 of 512 MB');
});

test('an access log and a failed turn have all their facts on one line, ids cut to eight characters', () => {
  const requestId = '8f507cfc-4a8a-4697-b07a-ac58fc914c95';
  const times = { headersMs: 82, firstContentMs: 95, endMs: 3_200 };
  const access = {
    status: 200,
    method: 'POST',
    path: '/v1/invoke',
    transferMode: 'STREAMED',
    ...times,
    bytes: 12_400,
    requestId,
  };
  expect(logLine({ atMs: AT, source: 'access', entry: access }, PLAIN, PIPE)).toBe(
    '2026-11-22T18:04:05.123Z access   200 POST /v1/invoke       STREAMED  headers    82 ms  first    95 ms  end   3.20 s   12.4 kB  8f507cfc\n',
  );
  const failure = {
    type: 'failure',
    code: 'AGENT_ERROR',
    message: 'the agent failed',
    durationMs: 1_200,
    upstreamStatus: '424',
    sessionId: '1a2b3c4d5e',
    awsRequestId: '5e6f',
    requestId,
  } as const;
  expect(logLine({ atMs: AT, source: 'function', entry: failure }, PLAIN, PIPE)).toBe(
    '2026-11-22T18:04:05.123Z function AGENT_ERROR the agent failed · AgentCore 424 · after 1.20 s · session 1a2b3c4d · AWS request 5e6f  8f507cfc\n',
  );
});

test('what an access log has in a format that is not known is shown as it is', () => {
  expect(logLine({ atMs: AT, source: 'access', text: '1.2.3.4 - -' }, PLAIN, PIPE)).toBe(
    '2026-11-22T18:04:05.123Z access   1.2.3.4 - -\n',
  );
});

test.each([40, 80])('lines of a terminal of %i columns are broken between words, below each other', (columns) => {
  const words = 'the agent failed to handle the request, and this sentence says so at length';
  const access = {
    atMs: AT,
    source: 'access',
    entry: {
      status: 200,
      method: 'POST',
      path: '/v1/invoke',
      transferMode: 'STREAMED',
      headersMs: 82,
      endMs: 3_200,
      bytes: 12_400,
    },
  } as const;
  for (const log of [line(words, 'error'), line('first\n    at second'), access]) {
    const shown = logLine(log, PLAIN, { isTTY: true, columns }) ?? '';
    const [head = '', ...rest] = shown.trimEnd().split('\n');
    const indent = ' '.repeat('18:04:05.123 function '.length);
    for (const each of [head, ...rest]) expect(each.length, shown).toBeLessThanOrEqual(columns);
    for (const each of rest) expect(each).toMatch(new RegExp(`^${indent}\\S|^${indent}    at second$`));
    const wide = logLine(log, PLAIN, { isTTY: true, columns: 400 }) ?? '';
    expect(shown.replaceAll(/\s+/g, ' ')).toBe(wide.replaceAll(/\s+/g, ' '));
  }
});
