import { afterEach, beforeEach, expect, test } from 'vitest';
import { failureJson } from '../../src/cli/failure.ts';
import { createApiGatewayTransport } from '../../src/endpoint/api-gateway.ts';
import { runTurn, type TurnListener } from '../../src/endpoint/run-turn.ts';
import type { StreamLimits } from '../../src/stream/outcome.ts';
import { turnFailure } from '../../src/endpoint/turn-failure.ts';
import { type AgentstreamError, StreamError } from '../../src/cli/errors.ts';
import { AwsError } from '../../src/emulator/index.ts';
import { type ActingAgent, createActingAgent, createGate } from '../helpers/acting-agent.ts';
import { type Chain, startChain } from '../helpers/chain.ts';

/** A warm function answers sooner, on a busy machine too. */
const IDLE_LIMIT_MS = 1_000;

let agent: ActingAgent;
let chain: Chain | undefined;
beforeEach(() => {
  agent = createActingAgent();
});
afterEach(async () => {
  await chain?.close();
  chain = undefined;
});

const failureOf = async (prompt: string, listener?: TurnListener): Promise<AgentstreamError | undefined> => {
  chain = await startChain(agent, { parameters: { HeartbeatMs: '0' } });
  return failureAt(chain.url, prompt, listener);
};
const failureAt = async (
  url: string,
  prompt: string,
  listener: TurnListener = {},
  limits: StreamLimits = { idleLimitMs: IDLE_LIMIT_MS },
): Promise<AgentstreamError | undefined> => {
  const transport = createApiGatewayTransport({ url, auth: { type: 'none' } });
  const result = await runTurn(transport, { prompt }, listener, new AbortController().signal, limits);
  return turnFailure(result, limits.idleLimitMs);
};
/** The limits cover the start of the function, which may take longer. */
const warmUp = (url: string): Promise<void> => expect.poll(() => failureAt(url, 'fine'), { timeout: 60_000 }).toBeUndefined();
const text = { write: 'data: "a"\n\n' };
const forever = { wait: new Promise(() => undefined) };

test('a stream that ended well has none', async () => {
  expect(await failureOf('fine')).toBeUndefined();
});

test('an idle cut names the limit and the cure', async () => {
  agent.on('silent', { acts: [text, forever] });
  const { url } = (chain = await startChain(agent, {
    parameters: { HeartbeatMs: '0' },
    apiGateway: { idleTimeoutMs: { REGIONAL: IDLE_LIMIT_MS, EDGE: IDLE_LIMIT_MS, PRIVATE: IDLE_LIMIT_MS } },
  }));
  await warmUp(url);
  const failure = await failureAt(url, 'silent');
  expect(failure).toBeInstanceOf(StreamError);
  expect(failure && failureJson(failure, {})).toMatchObject({
    code: 'IDLE_CUT',
    message: expect.stringMatching(/^nothing came for 1 s, the idle limit of this endpoint/) as string,
    hint: 'let the endpoint fill the silence: agentstream deploy --heartbeat 15s',
  });
});

test('a stream that is cut without a reason is not blamed on a limit', async () => {
  const begun = createGate();
  agent.on('cut', { acts: [text, { wait: begun.promise }, { wait: () => chain?.close() ?? Promise.resolve() }] });
  const failure = await failureOf('cut', { onEvent: begun.open });
  expect(failure).toBeInstanceOf(StreamError);
  expect(failure?.code).toBe('STREAM_CUT');
});

test('an error event is a stream that did not end well', async () => {
  agent.on('dies', { acts: [text, { die: true }] });
  const failure = await failureOf('dies');
  expect(failure).toBeInstanceOf(StreamError);
  expect(failure).toMatchObject({
    code: 'AGENT_FAILED',
    message: expect.stringMatching(/^the agent reported an error: the agent broke off.*\(STREAM_INTERRUPTED\)$/) as string,
  });
});

test('a throttled agent is a refusal, with what to do', async () => {
  agent.invoke = () => Promise.reject(new AwsError('ThrottlingException', 429, 'Rate exceeded'));
  const failure = await failureOf('busy');
  expect(failure).not.toBeInstanceOf(StreamError);
  expect(failure).toMatchObject({
    code: 'THROTTLED',
    message: 'the endpoint answered 429: the agent runtime is throttling; try again shortly',
    hint: expect.stringContaining('wait a moment') as string,
  });
});

test('a dead endpoint is no stream at all', async () => {
  const result = await runTurn(
    createApiGatewayTransport({ url: 'http://127.0.0.1:9/v1', auth: { type: 'none' } }),
    { prompt: 'hi' },
    {},
    new AbortController().signal,
  );
  const failure = turnFailure(result, undefined);
  expect(failure).not.toBeInstanceOf(StreamError);
  expect(failure && failureJson(failure, {})).toMatchObject({
    code: 'CONNECT_FAILED',
    hint: expect.stringContaining('check the URL') as string,
  });
});

test('a stream that reached the longest time of a stream says so', async () => {
  agent.on('long', { acts: [text, forever] });
  chain = await startChain(agent, { parameters: { HeartbeatMs: '0' }, apiGateway: { streamDurationMs: 1_000 } });
  await warmUp(chain.url);
  expect(await failureAt(chain.url, 'long', {}, { streamLimitMs: 1_000 })).toMatchObject({
    code: 'CAP_CUT',
    message: expect.stringMatching(/after 1 s/) as string,
  });
});
