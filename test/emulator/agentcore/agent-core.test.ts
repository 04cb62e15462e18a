import {
  GetAgentRuntimeCommand,
  ListAgentRuntimeEndpointsCommand,
  ListAgentRuntimesCommand,
} from '@aws-sdk/client-bedrock-agentcore-control';
import type { Readable } from 'node:stream';
import { afterEach, describe, expect, test } from 'vitest';
import type { Agent } from '../../../src/emulator/agentcore/agent.ts';
import { echoAgent } from '../../../src/emulator/agentcore/agents/demo.ts';
import { ARN, ID, PLACE, reader, SESSION, startAgentCore, waitingAgent } from './agent-core-fixture.ts';

let running: Awaited<ReturnType<typeof startAgentCore>> | undefined;

async function start(...input: Parameters<typeof startAgentCore>) {
  running = await startAgentCore(...input);
  return running;
}

afterEach(async () => {
  await running?.close();
  running = undefined;
});

describe('InvokeAgentRuntime', () => {
  test('passes the answer on with its content type and session', async () => {
    const { invoke } = await start();
    const answer = await invoke();
    expect(answer).toMatchObject({ statusCode: 200, contentType: 'text/event-stream', runtimeSessionId: SESSION });
    expect(await answer.response?.transformToString()).toBe('data: "one "\n\ndata: "two"\n\n');
  });

  test('passes each chunk on at once, and the call on as it is', async () => {
    const { agent, seen, goOn } = waitingAgent();
    const { invoke } = await start(agent);
    const answer = await invoke({ runtimeUserId: 'u', traceParent: '00-1' });
    const next = reader(answer.response);
    expect(await next()).toBe('one');
    goOn();
    expect(await next()).toBe('two');
    expect(await next()).toBeUndefined();
    expect(answer.traceParent).toBe('00-1');
    expect(seen[0]).toMatchObject({
      contentType: 'application/json',
      accept: 'text/event-stream',
      sessionId: SESSION,
      headers: { traceparent: '00-1', 'x-amzn-bedrock-agentcore-runtime-user-id': 'u' },
    });
    expect(seen[0]?.payload.toString()).toBe('{"prompt":"one two"}');
  });

  test('takes a bare id with the account', async () => {
    const { invoke } = await start();
    const answer = await invoke({ agentRuntimeArn: ID, accountId: PLACE.accountId });
    expect(answer.statusCode).toBe(200);
    await expect(invoke({ agentRuntimeArn: ID })).rejects.toMatchObject({ name: 'ValidationException' });
  });

  test('makes a session id for a call without', async () => {
    const { endpoint } = await start();
    const answer = await fetch(`${endpoint}/runtimes/${encodeURIComponent(ARN)}/invocations`, { method: 'POST', body: '{}' });
    expect(answer.headers.get('x-amzn-bedrock-agentcore-runtime-session-id')).toMatch(/^[0-9a-f-]{36}$/);
    await answer.text();
  });

  test.each([
    ['s'.repeat(32), 'greater than or equal to 33'],
    ['s'.repeat(257), 'less than or equal to 256'],
    [`-${SESSION}`, 'regular expression pattern'],
    [`${SESSION}.`, 'regular expression pattern'],
  ])('refuses the session id %s', async (runtimeSessionId, message) => {
    const { invoke } = await start();
    await expect(invoke({ runtimeSessionId })).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining(message) as string,
      $metadata: { httpStatusCode: 400 },
    });
  });

  test.each([[{ agentRuntimeArn: ARN.replace(ID, 'other-AbCdEfGhIj') }], [{ qualifier: 'prod' }]])(
    'does not find %o',
    async (more) => {
      const { invoke } = await start();
      await expect(invoke(more)).rejects.toMatchObject({ name: 'ResourceNotFoundException', $metadata: { httpStatusCode: 404 } });
    },
  );

  test('refuses a payload over the limit', async () => {
    const { invoke } = await start(echoAgent(), { payloadBytes: 19 });
    await expect(invoke()).rejects.toMatchObject({ name: 'ValidationException' });
  });

  test.each([
    [
      async () => ({ status: 500, contentType: 'text/plain', body: (async function* () {})() }),
      'Received error (500) from runtime. Please check your CloudWatch logs for more information.',
    ],
    [
      async () => {
        throw new Error('ECONNREFUSED');
      },
      'An error occurred when starting the runtime. Please check your CloudWatch logs for more information.',
    ],
  ])('reports a failing agent as a RuntimeClientError', async (invokeAgent, message) => {
    const { invoke } = await start({ invoke: invokeAgent });
    await expect(invoke()).rejects.toMatchObject({ name: 'RuntimeClientError', message, $metadata: { httpStatusCode: 424 } });
  });

  test('cuts the answer when the agent breaks off', async () => {
    const { invoke } = await start({
      async invoke() {
        async function* body(): AsyncGenerator<Buffer> {
          yield Buffer.from('one');
          throw new Error('agent gone');
        }
        return { status: 200, contentType: 'text/plain', body: body() };
      },
    });
    const next = reader((await invoke()).response);
    expect(await next()).toBe('one');
    await expect(next()).rejects.toThrow('aborted');
  });

  test.each([true, false])('tells the agent of a caller that has gone: %s', async (abort) => {
    const { agent, seen, goOn } = waitingAgent();
    const { invoke, service } = await start(agent, { abortAgentOnDisconnect: abort });
    const answer = await invoke();
    await reader(answer.response)();
    (answer.response as unknown as Readable).destroy();
    if (abort) await expect.poll(() => seen[0]?.signal.aborted).toBe(true);
    else {
      // Another call has been answered since: the close has been seen, and did not reach the agent.
      const second = await invoke();
      await reader(second.response)();
      expect(seen[0]?.signal.aborted).toBe(false);
    }
    goOn();
    await service.close();
  });

  test('ends a stream at its cap', async () => {
    const { agent } = waitingAgent();
    const { invoke } = await start(agent, { streamDurationMs: 30 });
    const next = reader((await invoke()).response);
    expect(await next()).toBe('one');
    await expect(next()).rejects.toThrow('aborted');
  });
});

describe('permissions', () => {
  test.each([
    ['both', [ARN, `${ARN}/runtime-endpoint/*`], true],
    ['the runtime only', [ARN], false],
    ['the endpoint only', [`${ARN}/runtime-endpoint/DEFAULT`], false],
  ])('are needed on the runtime and its endpoint: %s', async (_, Resource, allowed) => {
    const { client, iam, invoke } = await start();
    iam.putRole({
      name: 'r',
      arn: 'arn:aws:iam::123456789012:role/r',
      trustPolicy: { Statement: { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'x' } } },
      policies: new Map([['p', { Statement: { Effect: 'Allow', Action: 'bedrock-agentcore:Invoke*', Resource } }]]),
    });
    const credentials = iam.assumeRole('arn:aws:iam::123456789012:role/r', 'x');
    client.config.credentials = async () => credentials;
    if (allowed) expect((await invoke()).statusCode).toBe(200);
    else {
      await expect(invoke()).rejects.toMatchObject({ name: 'AccessDeniedException', $metadata: { httpStatusCode: 403 } });
    }
  });
});

describe('StopRuntimeSession', () => {
  test('ends running streams of the session at once, once', async () => {
    const { agent, seen } = waitingAgent();
    const { invoke, stop } = await start(agent);
    const other = await invoke({ runtimeSessionId: 'o'.repeat(33) });
    const nextOther = reader(other.response);
    await nextOther();
    const next = reader((await invoke()).response);
    expect(await next()).toBe('one');
    expect(await stop()).toMatchObject({ runtimeSessionId: SESSION, statusCode: 200 });
    await expect(next()).rejects.toThrow('aborted');
    expect(seen.map(({ signal }) => signal.aborted)).toEqual([false, true]);
    await expect(stop()).rejects.toMatchObject({ name: 'ResourceNotFoundException', $metadata: { httpStatusCode: 404 } });
  });

  test('a session is one of its endpoint', async () => {
    const { agent } = waitingAgent();
    const { invoke, stop } = await start({ ...agent, runtime: { endpoints: ['prod'] } });
    const next = reader((await invoke({ qualifier: 'prod' })).response);
    expect(await next()).toBe('one');
    await expect(stop()).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await stop({ qualifier: 'prod' });
    await expect(next()).rejects.toThrow('aborted');
  });

  test('ends the stream of an agent that does not listen', async () => {
    const { agent, goOn } = waitingAgent();
    const deaf: Agent = { invoke: (invocation) => agent.invoke({ ...invocation, signal: new AbortController().signal }) };
    const { invoke, stop } = await start(deaf);
    const next = reader((await invoke()).response);
    expect(await next()).toBe('one');
    await stop();
    await expect(next()).rejects.toThrow('aborted');
    goOn();
  });

  test('ends a session that is idle, and does not know one that has expired', async () => {
    const { invoke, stop } = await start(echoAgent(), { idleSessionMs: 5 });
    await (await invoke()).response?.transformToString();
    await expect
      .poll(() =>
        stop().then(
          () => 'stopped',
          (error: Error) => error.name,
        ),
      )
      .toBe('ResourceNotFoundException');
  });
});

describe('control plane', () => {
  test('reads a runtime', async () => {
    const { control } = await start();
    const runtime = await control.send(new GetAgentRuntimeCommand({ agentRuntimeId: ID }));
    expect(runtime).toMatchObject({
      agentRuntimeArn: ARN,
      agentRuntimeName: 'story',
      status: 'READY',
      protocolConfiguration: { serverProtocol: 'HTTP' },
      lifecycleConfiguration: { idleRuntimeSessionTimeout: 900, maxLifetime: 28_800 },
    });
    expect(runtime.createdAt).toBeInstanceOf(Date);
    const list = await control.send(new ListAgentRuntimesCommand({}));
    expect(list.agentRuntimes).toMatchObject([{ agentRuntimeArn: ARN, agentRuntimeId: ID }]);
    const endpoints = await control.send(new ListAgentRuntimeEndpointsCommand({ agentRuntimeId: ID }));
    expect(endpoints.runtimeEndpoints).toMatchObject([{ name: 'DEFAULT', status: 'READY' }]);
    const missing = control.send(new GetAgentRuntimeCommand({ agentRuntimeId: 'x-AbCdEfGhIj' }));
    await expect(missing).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});
