import { Writable } from 'node:stream';
import { expect, test, vi } from 'vitest';
import { ClientResponse, corsHeaders, WireError } from '../../lambda/response.ts';

const ALLOW = 'Access-Control-Allow-Origin';
const CREDENTIALS = 'Access-Control-Allow-Credentials';
const A = 'https://a.example';
const B = 'https://b.example:8443';

const headers = (corsOrigins: readonly string[], origin: string | undefined, corsCredentials = false): Record<string, string> =>
  corsHeaders({ corsOrigins, corsCredentials }, origin);

test('without origins there is nothing to say', () => {
  expect(headers([], A)).toEqual({});
});

test('any origin: the same to everybody, and never with credentials', () => {
  expect(headers(['*'], A, true)).toMatchObject({ [ALLOW]: '*' });
  expect(headers(['*'], A, true)).not.toHaveProperty(CREDENTIALS);
  expect(headers(['*'], A)).not.toHaveProperty('Vary');
});

test('one origin is named whoever asks', () => {
  for (const origin of [undefined, A, 'https://evil.example']) {
    expect(headers([A], origin, true)).toMatchObject({ [ALLOW]: A, [CREDENTIALS]: 'true', Vary: 'Origin' });
  }
});

test('of several the one that asks, exactly', () => {
  expect(headers([A, B], B, true)).toMatchObject({ [ALLOW]: B, [CREDENTIALS]: 'true' });
  expect(headers([A, B], B)).not.toHaveProperty(CREDENTIALS);
});

test.each([
  undefined,
  '',
  'null',
  'https://evil.example',
  'https://A.example',
  'http://a.example',
  'https://a.example/',
  'https://a.example.evil.example',
  `${A},${B}`,
])('of several no other is let in: %s', (origin) => {
  expect(headers([A, B], origin, true)).toEqual({ Vary: 'Origin' });
});

test.each([
  [
    new WireError('AGENT_ERROR', 'it broke', { upstreamStatus: 424 }),
    { code: 'AGENT_ERROR', message: 'it broke', upstreamStatus: 424 },
  ],
  [new WireError('INVALID_REQUEST', 'no prompt'), { code: 'INVALID_REQUEST', message: 'no prompt' }],
  [
    new TypeError('a secret'),
    {
      code: 'INTERNAL_ERROR',
      message: 'the function failed',
      stack: expect.stringMatching(/^TypeError: a secret\n {4}at /) as string,
    },
  ],
  ['thrown text', { code: 'INTERNAL_ERROR', message: 'the function failed', stack: 'thrown text' }],
])('%s is one line of the log, and the client reads of it the sentence and the code', (failure, members) => {
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  vi.useFakeTimers({ toFake: ['performance'] });
  vi.advanceTimersByTime(1_000);
  const response = new ClientResponse(new Writable(), 'r-1', {});
  response.sessionId = 's-1';
  vi.advanceTimersByTime(250);
  const { code, message } = members;
  const body = response.errorBody(failure);
  const [[line] = []] = write.mock.calls;
  write.mockRestore();
  vi.useRealTimers();
  expect(body).toEqual({ error: message, code, requestId: 'r-1' });
  expect(line).toMatch(/^[^\n]+\n$/);
  expect(JSON.parse(String(line))).toEqual({ level: 'error', requestId: 'r-1', sessionId: 's-1', durationMs: 250, ...members });
});

test('one who waits goes on when the runtime takes more, and fails with the response, also when that has failed before', async () => {
  const written: (() => void)[] = [];
  const raw = new Writable({ highWaterMark: 1, write: (_chunk, _encoding, done) => void written.push(done) });
  const response = new ClientResponse(raw, 'r-1', {});
  expect(response.send('data')).toBe(false);
  const goesOn = response.drained();
  written.pop()?.();
  await goesOn;
  response.send('more');
  const fails = response.drained();
  raw.destroy(new Error('the client is gone'));
  await expect(fails).rejects.toThrow('the client is gone');
  await expect(response.drained()).rejects.toThrow('the client is gone');
  expect(() => response.send('x')).toThrow('the client is gone');
  expect([response.failed, response.congested]).toEqual([true, true]);
});
