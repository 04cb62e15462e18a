import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ActingAgent, createActingAgent, createGate } from '../helpers/acting-agent.ts';
import { type Chain, startChain } from '../helpers/chain.ts';
import { json, openStream, send } from '../helpers/post.ts';

let agent: ActingAgent;
let chain: Chain;

/** Short for the tests of silence, and longer than a busy machine takes for an answer: the first comment commits a turn to 200. */
const HEARTBEAT_MS = 400;

beforeAll(async () => {
  agent = createActingAgent({ endpoints: ['prod'] });
  chain = await startChain(agent, {
    parameters: { HeartbeatMs: String(HEARTBEAT_MS), CorsOrigins: 'https://app.example', FlushMode: 'off' },
  });
});
afterAll(() => chain.close());

const turn = (prompt: string, extra: object = {}) => send('POST', `${chain.url}/invoke`, { prompt, ...extra });

test('the first event arrives before the last is made', async () => {
  const gate = createGate();
  agent.on('gated', { acts: [{ write: 'data: "one"\n\n' }, { wait: gate.promise }, { write: 'data: "two"\n\n' }] });
  const stream = await openStream(`${chain.url}/invoke`, { prompt: 'gated' });
  // Comments may come before it, and in one read with it.
  let first = '';
  while (!first.includes('data')) first += (await stream.next()) ?? 'no data came';
  expect(first).toMatch(/^(: keep-alive\n)*data: "one"\n\n$/);
  gate.open();
  expect(await stream.rest()).toMatch(/^(: keep-alive\n)*data: "two"\n\n$/);
});

test('answers with the content type of the agent, the session id and timing headers', async () => {
  const answer = await turn('plain');
  expect(answer.status).toBe(200);
  expect(answer.text).toBe('data: "ok"\n\n');
  expect(answer.headers).toMatchObject({
    'content-type': 'text/event-stream',
    'cache-control': 'no-cache, no-transform',
    'x-content-type-options': 'nosniff',
    'access-control-allow-origin': 'https://app.example',
    vary: 'Origin',
  });
  expect(answer.headers['access-control-expose-headers']).toMatch(/X-Session-Id.*Server-Timing/);
  expect(answer.headers['x-session-id']).toMatch(/^[0-9a-f-]{36}$/);
  expect(answer.headers['server-timing']).toMatch(/agentcore;dur=[\d.]+/);
  expect(answer.headers['x-amzn-requestid']).toBeDefined();
});

test('tells of the cold start once', async () => {
  const cold = await startChain(agent);
  try {
    const timings: unknown[] = [];
    for (const prompt of ['first', 'second']) {
      timings.push((await send('POST', `${cold.url}/invoke`, { prompt })).headers['server-timing']);
    }
    expect(timings[0]).toMatch(/^init;dur=[\d.]+, agentcore;dur=[\d.]+$/);
    expect(timings[1]).toMatch(/^agentcore;dur=[\d.]+$/);
  } finally {
    await cold.close();
  }
});

test('a warm turn that a keep-alive comment has begun has no Server-Timing', async () => {
  await turn('warm');
  const gate = createGate();
  agent.on('silent', { answerAfter: gate.promise, acts: [{ write: 'data: "late"\n\n' }] });
  const stream = await openStream(`${chain.url}/invoke`, { prompt: 'silent' });
  expect(stream.headers['server-timing']).toBeUndefined();
  gate.open();
  expect(await stream.rest()).toContain('data: "late"');
});

test('the agent gets the body without the control members, the session and both media types', async () => {
  const session = 'my-session-0123456789-0123456789-0123456789';
  const answer = await turn('look', { session_id: session, temperature: 0.2, nested: { a: [1] } });
  const seen = agent.invocations.findLast(({ payload }) => payload.includes('"look"'));
  expect(JSON.parse(String(seen?.payload))).toEqual({ prompt: 'look', temperature: 0.2, nested: { a: [1] } });
  expect(seen).toMatchObject({
    sessionId: session,
    contentType: 'application/json',
    accept: 'text/event-stream, application/json',
  });
  expect(answer.headers['x-session-id']).toBe(session);
});

test('a failing agent is a 424 that names its status', async () => {
  agent.on('fails', { status: 500, acts: [] });
  const answer = await turn('fails');
  expect(answer.status).toBe(424);
  expect(json(answer)).toEqual({
    error: 'the agent failed to handle the request (it answered 500)',
    code: 'AGENT_ERROR',
    requestId: answer.headers['x-amzn-requestid'],
  });
  expect(answer.headers['access-control-allow-origin']).toBe('https://app.example');
});

test('an unknown agent endpoint is a 404', async () => {
  const answer = await turn('plain', { qualifier: 'nobody' });
  expect([answer.status, json(answer)['code']]).toEqual([404, 'AGENT_NOT_FOUND']);
});

test('silence within a stream is filled with comments, at event boundaries only', async () => {
  const gate = createGate();
  agent.on('half', {
    acts: [
      { write: 'data: "a"\n\ndata: "b' },
      { wait: gate.promise },
      { write: 'c"\n\n' },
      { wait: () => sleep(2 * HEARTBEAT_MS) },
    ],
  });
  const stream = await openStream(`${chain.url}/invoke`, { prompt: 'half' });
  expect(await stream.next()).toMatch(/data: "b$/);
  setTimeout(gate.open, 1.5 * HEARTBEAT_MS);
  const rest = await stream.rest();
  expect(rest).toMatch(/^c"\n\n(: keep-alive\n)+$/);
});

test('an agent that is slow to answer is committed to 200 by the first comment', async () => {
  const gate = createGate();
  agent.on('slow', { answerAfter: gate.promise, acts: [{ write: 'data: "late"\n\n' }] });
  const stream = await openStream(`${chain.url}/invoke`, { prompt: 'slow' });
  expect(stream.status).toBe(200);
  expect(await stream.next()).toMatch(/^(: keep-alive\n)+$/);
  gate.open();
  expect(await stream.rest()).toMatch(/data: "late"\n\n$/);
});

test('a failure after that is told in-band', async () => {
  const gate = createGate();
  agent.on('slow failure', { answerAfter: gate.promise, status: 500, acts: [] });
  const stream = await openStream(`${chain.url}/invoke`, { prompt: 'slow failure' });
  await stream.next();
  gate.open();
  expect(await stream.rest()).toMatch(/event: error\ndata: \{"error":"the agent failed[^\n]*"code":"AGENT_ERROR"[^\n]*\}\n\n$/);
});

test('JSON that comes after that is one event', async () => {
  const gate = createGate();
  agent.on('slow json', { answerAfter: gate.promise, contentType: 'application/json', acts: [{ write: '{"a":\n1}' }] });
  const stream = await openStream(`${chain.url}/invoke`, { prompt: 'slow json' });
  await stream.next();
  gate.open();
  expect(await stream.rest()).toMatch(/data: \{"a":\ndata: 1\}\n\n$/);
});

test('DELETE stops the work of a session', async () => {
  const session = 'stop-me-0123456789-0123456789-0123456789';
  agent.on('endless', { acts: [{ write: 'data: "a"\n\n' }, { wait: new Promise(() => undefined) }] });
  const stream = await openStream(`${chain.url}/invoke`, { prompt: 'endless', session_id: session });
  await stream.next();
  const stop = await send('DELETE', `${chain.url}/invoke`, undefined, { 'X-Session-Id': session });
  expect([stop.status, json(stop)]).toEqual([200, { session_id: session, status: 'stopped' }]);
  expect(await stream.rest()).toContain('event: error');
  expect(agent.stopped).toContain('endless');
  const again = await send('DELETE', `${chain.url}/invoke`, undefined, { 'X-Session-Id': session });
  expect([again.status, json(again)['code']]).toEqual([404, 'SESSION_NOT_FOUND']);
});

test('DELETE stops a session on the endpoint that its query names', async () => {
  const session = 'on-prod-0123456789-0123456789-0123456789';
  agent.on('endless on prod', { acts: [{ write: 'data: "a"\n\n' }, { wait: new Promise(() => undefined) }] });
  const stop = async (query: string) => {
    const headers = { 'X-Session-Id': session };
    const answer = await send('DELETE', `${chain.url}/invoke${query}`, undefined, headers);
    return [answer.status, json(answer)['code'] ?? json(answer)['status']];
  };
  const body = { prompt: 'endless on prod', session_id: session, qualifier: 'prod' };
  const stream = await openStream(`${chain.url}/invoke`, body);
  await stream.next();
  expect(await stop('')).toEqual([404, 'SESSION_NOT_FOUND']);
  expect(await stop('?qualifier=a%2Fb')).toEqual([400, 'INVALID_REQUEST']);
  expect(await stop('?qualifier=')).toEqual([400, 'INVALID_REQUEST']);
  expect(agent.stopped).not.toContain('endless on prod');
  expect(await stop('?qualifier=prod')).toEqual([200, 'stopped']);
  expect(await stream.rest()).toContain('event: error');
  expect(agent.stopped).toContain('endless on prod');
});

test('a function that may not call the agent says so without naming anything', async () => {
  const elsewhere = 'arn:aws:bedrock-agentcore:us-east-1:000000000000:runtime/other_agent-0123456789';
  const forbidden = await startChain(agent, { parameters: { AgentRuntimeArn: elsewhere } });
  try {
    const answer = await send('POST', `${forbidden.url}/invoke`, { prompt: 'hi' });
    expect([answer.status, json(answer)['code']]).toEqual([404, 'AGENT_NOT_FOUND']);
    expect(answer.text).not.toMatch(/arn:|000000000000/);
  } finally {
    await forbidden.close();
  }
});
