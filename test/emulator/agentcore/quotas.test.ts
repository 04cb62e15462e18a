import { afterEach, expect, test } from 'vitest';
import { echoAgent } from '../../../src/emulator/agentcore/agents/demo.ts';
import { activeSessionsOf } from '../../../src/emulator/agentcore/limits.ts';
import { createQuotas } from '../../../src/emulator/agentcore/store.ts';
import { createHandClock } from '../../helpers/hand-clock.ts';
import { reader, startAgentCore, waitingAgent } from './agent-core-fixture.ts';

let running: Awaited<ReturnType<typeof startAgentCore>> | undefined;
afterEach(async () => {
  await running?.close();
  running = undefined;
});
async function start(...input: Parameters<typeof startAgentCore>) {
  running = await startAgentCore(...input);
  return running;
}

/** Name and status of the error, or `ok`. */
const outcome = async (call: Promise<{ response?: unknown }>): Promise<unknown> =>
  await call.then(
    () => 'ok',
    (error: Error & { $metadata: { httpStatusCode: number } }) => `${error.$metadata.httpStatusCode} ${error.name}`,
  );
const session = (letter: string) => ({ runtimeSessionId: letter.repeat(33) });

test('too many calls are throttled', async () => {
  const { invoke, stop } = await start(echoAgent(), { callsPerSecond: 1e-9 });
  expect(await outcome(invoke())).toBe('429 ThrottlingException');
  expect(await outcome(stop() as Promise<object>)).toBe('429 ThrottlingException');
});

test('a session ends when its time has come, busy or not', async () => {
  const { agent, seen } = waitingAgent();
  const { invoke } = await start(agent, { sessionLifetimeMs: 40 });
  const next = reader((await invoke()).response);
  expect(await next()).toBe('one');
  await expect(next()).rejects.toThrow('aborted');
  expect(seen[0]?.signal.aborted).toBe(true);
});

test('too many new sessions are throttled; those that there are go on', async () => {
  const { invoke } = await start(echoAgent(), { newSessionsPerMinute: 2 });
  const outcomes = [];
  for (const letter of ['a', 'b', 'c', 'a']) outcomes.push(await outcome(invoke(session(letter))));
  expect(outcomes).toEqual(['ok', 'ok', '429 ThrottlingException', 'ok']);
});

test('too many sessions at once are a 402, until one of them ends', async () => {
  const { invoke, stop } = await start(echoAgent(), { activeSessions: 1 });
  expect(await outcome(invoke(session('a')))).toBe('ok');
  expect(await outcome(invoke(session('b')))).toBe('402 ServiceQuotaExceededException');
  expect(await outcome(invoke(session('a')))).toBe('ok');
  await stop(session('a'));
  expect(await outcome(invoke(session('b')))).toBe('ok');
});

test('the quotas are AWS’s unless told otherwise, and come back with time', () => {
  expect([activeSessionsOf('us-east-1'), activeSessionsOf('eu-west-1')]).toEqual([5_000, 2_500]);
  const clock = createHandClock();
  const limits = { callsPerSecond: 200, newSessionsPerMinute: 400, activeSessions: undefined };
  const quotas = createQuotas(limits, 'eu-west-1', clock.now);
  const passes = (ask: () => void): boolean => {
    try {
      ask();
      return true;
    } catch {
      return false;
    }
  };
  const count = (ask: () => void): number => {
    let passed = 0;
    while (passes(ask)) passed += 1;
    return passed;
  };
  expect(count(() => quotas.admitCall('Invoke', 'a'))).toBe(200);
  expect(count(() => quotas.admitCall('Invoke', 'b'))).toBe(200);
  expect(count(() => quotas.admitCall('Stop', 'a'))).toBe(200);
  expect(count(() => quotas.admitSession('a', 0))).toBe(400);
  clock.pass(1_000);
  expect(count(() => quotas.admitCall('Invoke', 'a'))).toBe(200);
  expect(count(() => quotas.admitSession('a', 0))).toBe(6);
  clock.pass(60_000);
  expect([2_499, 2_500].map((active) => passes(() => quotas.admitSession('a', active)))).toEqual([true, false]);
});

test('a new session starts one microVM, and a call in the meantime is to come again', async () => {
  const started: string[] = [];
  const { agent, seen, goOn } = waitingAgent();
  const { invoke } = await start(agent, { coldStartMs: 200 }, { onStart: (id) => started.push(id) });
  const first = invoke(session('a'));
  await expect.poll(() => started.length).toBe(1);
  expect(await outcome(invoke(session('a')))).toBe('409 RetryableConflictException');
  expect(seen).toHaveLength(0);
  const next = reader((await first).response);
  expect(await next()).toBe('one');
  goOn();
  expect(await outcome(invoke(session('a')))).toBe('ok');
  expect(await outcome(invoke(session('b')))).toBe('ok');
  expect(started).toEqual(['a'.repeat(33), 'b'.repeat(33)]);
});

test('a call during the start can wait for it, too', async () => {
  const { invoke } = await start(echoAgent(), { coldStartMs: 100, callDuringStart: 'wait' });
  const both = await Promise.all([invoke(session('a')), invoke(session('a'))]);
  expect(both.map(({ statusCode }) => statusCode)).toEqual([200, 200]);
});

test('a session that is stopped while it starts never reaches its agent', async () => {
  const { agent, seen } = waitingAgent();
  const started: string[] = [];
  const { invoke, stop } = await start(agent, { coldStartMs: 1e6 }, { onStart: (id) => started.push(id) });
  const call = outcome(invoke());
  await expect.poll(() => started.length).toBe(1);
  await stop();
  expect(await call).toBe('424 RuntimeClientError');
  expect(seen).toHaveLength(0);
});

test.each([
  ['allow', 'ok'],
  ['conflict', '409 RetryableConflictException'],
] as const)('a second call of a busy session: %s', async (concurrentCalls, expected) => {
  const { agent, goOn } = waitingAgent();
  const { invoke } = await start(agent, { concurrentCalls });
  const first = await invoke();
  await reader(first.response)();
  expect(await outcome(invoke())).toBe(expected);
  expect(await outcome(invoke(session('o')))).toBe('ok');
  goOn();
});

test('an agent that does not begin to answer in time is a 504', async () => {
  const deaf = { invoke: () => new Promise<never>(() => {}) };
  const { invoke } = await start(deaf, { requestTimeoutMs: 30 });
  expect(await outcome(invoke())).toMatch(/^504 /);
});

test('the media types reach the agent as they came, or as AgentCore’s own', async () => {
  const { agent, seen, goOn } = waitingAgent();
  goOn();
  const { invoke } = await start(agent, { passMediaTypes: false });
  await invoke({ contentType: 'text/plain' });
  expect(seen[0]).toMatchObject({ contentType: 'application/json', accept: 'application/json' });
});
