import { afterAll, beforeAll, expect, test } from 'vitest';
import { createActingAgent } from '../helpers/acting-agent.ts';
import { type Chain, startChain } from '../helpers/chain.ts';
import { json, openStream, send } from '../helpers/post.ts';

let chain: Chain;

beforeAll(async () => {
  chain = await startChain(createActingAgent());
});
afterAll(() => chain.close());

interface Stamped {
  readonly index: number;
  readonly count: number;
  readonly sent_ms: number;
  readonly pad?: string;
}

/** Without the nudges between them. */
const probeEvents = (text: string): Stamped[] =>
  text
    .split('\n\n')
    .filter((event) => event.includes('data: '))
    .map((event) => JSON.parse(/data: (.*)/.exec(event)?.[1] ?? '') as Stamped);

test.each([
  ['{"prompt":', 'INVALID_REQUEST'],
  [{ prompt: '' }, 'INVALID_REQUEST'],
  [{ prompt: 'hi', session_id: 'short' }, 'INVALID_SESSION_ID'],
])('refuses %j with 400 and says why', async (body, code) => {
  const answer = await send('POST', `${chain.url}/invoke`, body);
  expect(answer.status).toBe(400);
  expect(json(answer)).toEqual({ error: expect.any(String) as string, code, requestId: answer.headers['x-amzn-requestid'] });
});

test('an unknown path is 403 of the gateway, with CORS headers', async () => {
  const answer = await send('POST', `${chain.url}/nothing`, {});
  expect([answer.status, json(answer)]).toEqual([403, { message: 'Missing Authentication Token' }]);
  expect(answer.headers['access-control-allow-origin']).toBe('*');
});

test('answers a preflight', async () => {
  for (const path of ['/invoke', '/probe']) {
    const answer = await send('OPTIONS', chain.url + path);
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'POST,DELETE,OPTIONS',
    });
    expect(answer.headers['access-control-allow-headers']).toContain('X-Session-Id');
  }
});

test.each([
  ['method.request.header.X-Token', ',X-Token'],
  ['context.identity.sourceIp', ','],
])('a preflight lets the header of an authorizer through: %s', async (IdentitySource, end) => {
  const other = await startChain(createActingAgent(), { parameters: { IdentitySource } });
  try {
    const { headers } = await send('OPTIONS', `${other.url}/invoke`);
    expect(headers['access-control-allow-headers']).toMatch(/X-Amz-Content-Sha256,/);
    expect(String(headers['access-control-allow-headers']).endsWith(end)).toBe(true);
  } finally {
    await other.close();
  }
});

test('without an origin there is no CORS header anywhere', async () => {
  const closed = await startChain(createActingAgent(), { parameters: { CorsOrigins: '' } });
  try {
    const answers = [
      await send('POST', `${closed.url}/invoke`, { prompt: 'hi' }),
      await send('OPTIONS', `${closed.url}/invoke`),
      await send('POST', `${closed.url}/nothing`, {}),
    ];
    for (const answer of answers) {
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  } finally {
    await closed.close();
  }
});

test('a probe is a stream of stamped events that needs no agent', async () => {
  // So far apart that a busy machine reads the first before the second is sent.
  const stream = await openStream(`${chain.url}/probe`, { count: 2, interval_ms: 3_000, size_bytes: 8 });
  const first = await stream.next();
  expect(probeEvents(first ?? '')).toHaveLength(1);
  const events = probeEvents((first ?? '') + (await stream.rest()));
  expect(events.map(({ index, count }) => [index, count])).toEqual([
    [0, 2],
    [1, 2],
  ]);
  expect(events[0]?.pad).toBe('xxxxxxxx');
  for (const { index, sent_ms: sentMs } of events) expect(sentMs).toBeGreaterThanOrEqual(index * 3_000 - 2);
});

test('a probe has a flush mode of its own when it is given one', async () => {
  const probe = (flush: unknown) => send('POST', `${chain.url}/probe`, { count: 2, interval_ms: 30, flush });
  const events = /^event: probe\nid: \d\ndata: \{.*"flush":"off"\}\n\n/;
  expect((await probe('off')).text.replace(events, '')).toMatch(events);
  expect((await probe('auto')).text).toContain('"flush":"auto"}\n\n:\nevent: probe\nid: 1\n');
  expect((await probe(200)).text).toMatch(/"flush":200\}\n\n: {50,}\nevent: probe\nid: 1\n/);
  expect((await probe('loud')).status).toBe(400);
});

test('a probe has its defaults, and its bounds', async () => {
  const answer = await send('POST', `${chain.url}/probe`, { interval_ms: 0 });
  expect(probeEvents(answer.text)).toHaveLength(20);
  expect((await send('POST', `${chain.url}/probe`, { count: 0 })).status).toBe(400);
  const long = await send('POST', `${chain.url}/probe`, { count: 3, interval_ms: 180_000, first_delay_ms: 1 });
  expect([long.status, json(long)['error']]).toEqual([400, 'a probe must not last more than 360000 ms']);
});

test('with an API key, nobody comes in without it', async () => {
  const guarded = await startChain(createActingAgent(), { parameters: { AuthMode: 'api-key' } });
  try {
    for (const headers of [{}, { 'x-api-key': 'wrong' }] as Record<string, string>[]) {
      const answer = await send('POST', `${guarded.url}/invoke`, { prompt: 'hi' }, headers);
      expect([answer.status, json(answer)]).toEqual([403, { message: 'Forbidden' }]);
      expect(answer.headers['access-control-allow-origin']).toBe('*');
    }
    expect((await send('OPTIONS', `${guarded.url}/invoke`)).status).toBe(204);
  } finally {
    await guarded.close();
  }
});
