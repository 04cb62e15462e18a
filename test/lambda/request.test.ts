import fc from 'fast-check';
import { expect, test } from 'vitest';
import { withMembers } from '../../src/protocol.ts';
import { type ProxyEvent, readAgentRequest, readProbeRequest, readStopRequest } from '../../lambda/request.ts';
import { cases } from '../helpers/properties.ts';

const event = (body: unknown, headers: Record<string, string> | null = null): ProxyEvent => ({
  httpMethod: 'POST',
  resource: '/invoke',
  headers,
  body: typeof body === 'string' || body === null ? body : JSON.stringify(body),
  isBase64Encoded: false,
  requestContext: { requestId: 'r' },
});
const ID = 'session_0123456789-0123456789-0123456789';

test('takes a prompt, makes a session id that the response side allows too, and sets the defaults', () => {
  const request = readAgentRequest(event({ prompt: 'hi' }));
  expect(request).toMatchObject({
    qualifier: undefined,
    contentType: 'application/json',
    accept: 'text/event-stream, application/json',
    payload: '{"prompt":"hi"}',
  });
  expect(request.sessionId).toMatch(/^[A-Za-z0-9][A-Za-z0-9_-]{32,99}$/);
  expect(readAgentRequest(event({ prompt: 'hi' })).sessionId).not.toBe(request.sessionId);
});

test('passes on every member but the control members', () => {
  const body = {
    prompt: 'hi',
    session_id: ID,
    qualifier: 'prod',
    content_type: 'application/json; charset=utf-8',
    accept: 'application/json',
    user: { name: 'Ada' },
    list: [1, null],
  };
  const request = readAgentRequest(event(body));
  expect(JSON.parse(request.payload)).toEqual({ prompt: 'hi', user: { name: 'Ada' }, list: [1, null] });
  expect(request).toMatchObject({ sessionId: ID, qualifier: 'prod', contentType: body.content_type, accept: 'application/json' });
});

test('passes members on as they are written, digit for digit', () => {
  const members = [
    '"id": 12345678901234567890123',
    '"price":1.10',
    '"far":1e400',
    '"text":"\\ud800 \\u0041, {\\\\\\"]"',
    '"deep":[{"a" : 1 }, [ ]]',
  ];
  const body = `\n{ ${members.join(' ,\n')}, "accept":"a/b", "prompt" : "hi\\n" , "session_id":"${ID}"}\n`;
  const values = members.map((member) => member.replace(/": /, '":'));
  expect(readAgentRequest(event(body)).payload).toBe(`{${values.join(',')},"prompt":"hi\\n"}`);
  // Of two with one name the last counts, as it does for JSON.parse.
  expect(readAgentRequest(event('{"prompt":"one","n":1,"prompt":"two"}')).payload).toBe('{"prompt":"two","n":1}');
});

test('members are taken away and set in any object as JSON.parse would have it', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string(), fc.jsonValue()),
      fc.string(),
      fc.option(fc.jsonValue(), { nil: undefined }),
      (object, name, value) => {
        const changed = withMembers(JSON.stringify(object, undefined, 1), { [name]: value });
        const wanted = new Map([...Object.entries(object), [name, value]]);
        if (value === undefined) wanted.delete(name);
        expect(new Map(Object.entries(JSON.parse(changed) as object))).toEqual(
          new Map(Object.entries(JSON.parse(JSON.stringify(Object.fromEntries(wanted))) as object)),
        );
      },
    ),
    { numRuns: cases(2_000) },
  );
});

test('keeps a member named __proto__ as data', () => {
  const request = readAgentRequest(event('{"prompt":"hi","__proto__":{"a":1}}'));
  expect(request.payload).toContain('"__proto__":{"a":1}');
});

test('reads the session from the header in any case; the body wins', () => {
  expect(readAgentRequest(event({ prompt: 'hi' }, { 'x-session-ID': ID })).sessionId).toBe(ID);
  const other = `${ID}x`;
  expect(readAgentRequest(event({ prompt: 'hi', session_id: other }, { 'X-Session-Id': ID })).sessionId).toBe(other);
});

test('reads a base64 body', () => {
  const body = Buffer.from('{"prompt":"grüß dich"}').toString('base64');
  const request = readAgentRequest({ ...event(body), isBase64Encoded: true });
  expect(request.payload).toBe('{"prompt":"grüß dich"}');
});

test.each([
  [null, 'not valid JSON'],
  ['', 'not valid JSON'],
  ['{"prompt":', 'not valid JSON'],
  ['null', 'must be a JSON object'],
  ['[1]', 'must be a JSON object'],
  ['"hi"', 'must be a JSON object'],
  [{}, '`prompt` must be'],
  [{ prompt: '  ' }, '`prompt` must be'],
  [{ prompt: 5 }, '`prompt` must be'],
  [{ prompt: 'hi', qualifier: 'a/b' }, '`qualifier` must be'],
  [{ prompt: 'hi', qualifier: 7 }, '`qualifier` must be a string'],
  [{ prompt: 'hi', accept: 'a\r\nb' }, '`accept` must be'],
  [{ prompt: 'hi', content_type: '' }, '`content_type` must be'],
  [{ prompt: 'hi', accept: 'x'.repeat(257) }, '`accept` must be'],
  [{ prompt: 'hi', session_id: 7 }, '`session_id` must be a string'],
])('refuses %j', (body, message) => {
  expect(() => readAgentRequest(event(body))).toThrow(message);
});

test.each(['short', 'x'.repeat(32), 'x'.repeat(257), `-${'x'.repeat(40)}`, `${'x'.repeat(40)}é`, ''])(
  'refuses the session id %j',
  (sessionId) => {
    expect(() => readAgentRequest(event({ prompt: 'hi', session_id: sessionId }))).toThrow(/33 to 256/);
    expect(() => readStopRequest(event(null, { 'X-Session-Id': sessionId }))).toThrow(/33 to 256/);
  },
);

test.each([
  { session_id: 'x'.repeat(33) },
  { session_id: 'x'.repeat(256) },
  { accept: 'a', content_type: 'x'.repeat(256) },
  { qualifier: 'x'.repeat(48) },
  { session_id: null, qualifier: null, accept: null, content_type: null },
])('takes %j', (members) => {
  const { session_id, accept, content_type, qualifier } = members;
  expect(readAgentRequest(event({ prompt: 'hi', ...members }))).toEqual({
    sessionId: session_id ?? (expect.stringMatching(/^[0-9a-f-]{36}$/) as string),
    qualifier: qualifier ?? undefined,
    contentType: content_type ?? 'application/json',
    accept: accept ?? 'text/event-stream, application/json',
    payload: '{"prompt":"hi"}',
  });
});

test('wants a session id to stop', () => {
  expect(() => readStopRequest(event(null))).toThrow(/names no session/);
});

const stopOf = (queryStringParameters?: Record<string, string> | null) =>
  readStopRequest({ ...event(null, { 'X-Session-Id': ID }), queryStringParameters });

test.each([undefined, null, {}, { other: 'prod' }])('a stop with the query %j names none', (query) => {
  expect(stopOf(query)).toEqual({ sessionId: ID, qualifier: undefined });
});

test('a stop names the agent endpoint by its query', () => {
  expect(stopOf({ qualifier: 'prod' })).toEqual({ sessionId: ID, qualifier: 'prod' });
});

test.each(['', 'a/b', '1st', 'x'.repeat(49)])('refuses a stop on %j', (qualifier) => {
  expect(() => stopOf({ qualifier })).toThrow('`qualifier` must be the name of an agent endpoint');
});

test('reads a probe, with defaults for what is not there', () => {
  expect(readProbeRequest(event(null), 'auto')).toEqual({
    count: 20,
    interval_ms: 100,
    size_bytes: 0,
    first_delay_ms: 0,
    flush: 'auto',
    heartbeat_ms: 0,
  });
  expect(readProbeRequest(event({ count: 3, interval_ms: 0 }), 'auto')).toMatchObject({ count: 3, interval_ms: 0 });
});

test.each(['auto', 'off', 1, 129_999] as const)('reads a probe with the flush mode %j', (flush) => {
  expect(readProbeRequest(event({ flush }), 'off').flush).toBe(flush);
  expect(readProbeRequest(event({}), flush).flush).toBe(flush);
});

test.each([
  { count: 1, interval_ms: 360_000, heartbeat_ms: 360_000 },
  { count: 1, first_delay_ms: 360_000 },
  { count: 3, interval_ms: 180_000 },
  { count: 10_000, size_bytes: 500, interval_ms: 0 },
  { count: 1, size_bytes: 65_536 },
])('takes the probe %j', (body) => {
  expect(readProbeRequest(event(body), 'auto')).toMatchObject(body);
});

test.each([
  { flush: 'on' },
  { flush: 0 },
  { flush: 1.5 },
  { flush: 130_000 },
  { flush: null },
  { count: 0 },
  { count: 1.5 },
  { count: '3' },
  { count: 10_001 },
  { interval_ms: -1 },
  { interval_ms: 360_001, count: 1 },
  { first_delay_ms: 360_001 },
  { heartbeat_ms: 360_001 },
  { size_bytes: 65_537, count: 1 },
  { count: 10_000, size_bytes: 501, interval_ms: 0 },
  { count: 3, interval_ms: 180_000, first_delay_ms: 1 },
])('refuses the probe %j', (body) => {
  expect(() => readProbeRequest(event(body), 'auto')).toThrow(/must/);
});
