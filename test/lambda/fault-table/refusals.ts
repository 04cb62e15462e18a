import { InvokeWithResponseStreamCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FAULT_HEADER } from '../../../src/emulator/index.ts';
import { type ActingAgent, createActingAgent } from '../../helpers/acting-agent.ts';
import { REGION } from '../../helpers/chain.ts';
import { json, send } from '../../helpers/post.ts';
import type { CustomChain } from '../custom-chain.ts';
import { agentCalls, SECRET, type StartChain } from './start-chain.ts';

/** Rows in which the answer is a status and a sentence: what the service refuses, and what the function does. */
export function refusalRows(start: StartChain): void {
  let agent: ActingAgent;
  let chain: CustomChain;
  beforeAll(async () => {
    agent = createActingAgent();
    chain = await start(agent);
  });
  afterAll(() => chain.close());

  const post = (body: unknown, headers: Record<string, string> = {}) => send('POST', `${chain.url}/invoke`, body, headers);

  test.each([
    ['throttle', 429, 'THROTTLED'],
    ['denied', 403, 'AGENT_ACCESS_DENIED'],
    ['not-found', 404, 'AGENT_NOT_FOUND'],
    ['error:400', 400, 'AGENT_REJECTED'],
    ['error:401', 401, 'AGENT_UNAUTHORIZED'],
    ['error:402', 429, 'QUOTA_EXCEEDED'],
    ['error:409', 409, 'SESSION_CONFLICT'],
    ['error:424', 424, 'AGENT_ERROR'],
    ['error:500', 502, 'AGENT_UNAVAILABLE'],
    ['error:503', 502, 'AGENT_UNAVAILABLE'],
    ['error:504', 504, 'AGENT_TIMEOUT'],
  ])('%s is told as %i %s, once and without a name', async (fault, status, code) => {
    const before = agentCalls(chain).length;
    const answer = await post({ prompt: 'hi' }, { [FAULT_HEADER]: fault });
    expect([answer.status, json(answer)['code']]).toEqual([status, code]);
    expect(json(answer)).toEqual({
      error: expect.not.stringMatching(SECRET) as string,
      code,
      requestId: answer.headers['x-amzn-requestid'],
    });
    // A call that may have run the agent is never made twice.
    expect(agentCalls(chain)).toHaveLength(before + 1);
  });

  test('a session that is being started is tried again, and the agent runs once', async () => {
    const before = agentCalls(chain).length;
    const answer = await post({ prompt: 'again' }, { [FAULT_HEADER]: 'conflict:2' });
    expect([answer.status, answer.text]).toEqual([200, 'data: "ok"\n\n']);
    expect(agentCalls(chain).slice(before)).toEqual([409, 409, 200]);
    expect(agent.invocations.filter(({ payload }) => payload.includes('"again"'))).toHaveLength(1);
  });

  test.each([
    ['no body', undefined],
    ['null', 'null'],
    ['broken JSON', '{"prompt":'],
    ['a list', ['hi']],
    ['text', '"hi"'],
    ['no prompt', {}],
    ['a number as prompt', { prompt: 1 }],
    ['blanks as prompt', { prompt: ' \n' }],
    ['a number as session', { prompt: 'hi', session_id: 7 }],
    ['an object as qualifier', { prompt: 'hi', qualifier: {} }],
    ['a bad qualifier', { prompt: 'hi', qualifier: '../other' }],
    ['a line break in a media type', { prompt: 'hi', accept: 'text/event-stream\r\nx: y' }],
  ])('%s is a 400 that never reaches the agent', async (_, body) => {
    const before = agentCalls(chain).length;
    const answer = await post(body);
    expect([answer.status, json(answer)['code']]).toEqual([400, 'INVALID_REQUEST']);
    expect(agentCalls(chain)).toHaveLength(before);
  });

  test.each([
    ['short', 'x'.repeat(32)],
    ['long', 'x'.repeat(257)],
    ['oddly spelt', `${'x'.repeat(40)}/..`],
  ])('a %s session id is a 400 that says what one looks like', async (_, sessionId) => {
    for (const answer of [
      await post({ prompt: 'hi', session_id: sessionId }),
      await post({ prompt: 'hi' }, { 'X-Session-Id': sessionId }),
      await send('DELETE', `${chain.url}/invoke`, undefined, { 'X-Session-Id': sessionId }),
    ]) {
      expect([answer.status, json(answer)['code']]).toEqual([400, 'INVALID_SESSION_ID']);
    }
  });

  test.each([
    ['what the gateway takes', 'x'.repeat(10_485_760), /^HTTP content length exceeded/],
    ['an event of Lambda', 'x'.repeat(7_000_000), /^\{"message":"Request Too Long"\}$/],
    ['an event of Lambda once it is JSON', '\u0001'.repeat(1_000_000), /^\{"message":"Request Too Long"\}$/],
  ])('a body above %s is a 413 of the gateway', async (_, prompt, body) => {
    const answer = await post({ prompt });
    expect(answer.status).toBe(413);
    expect(answer.text).toMatch(body);
  });

  test.each([
    ['is read', Buffer.from('{"prompt":"grüß dich"}'), 200],
    ['that is no text is a 400', Buffer.from('7b2270726f6d7074223a22ff227d', 'hex'), 400],
  ])('a binary body %s', async (_, bytes, status) => {
    const text = await invokeDirectly(chain, {
      httpMethod: 'POST',
      resource: '/invoke',
      headers: null,
      body: bytes.toString('base64'),
      isBase64Encoded: true,
    });
    expect(text).toMatch(new RegExp(`^\\{"statusCode":${status},`));
    if (status === 200) expect(String(agent.invocations.at(-1)?.payload)).toContain('grüß dich');
  });

  test('a failure that nobody foresaw is told without its own words', async () => {
    const event = { httpMethod: 'POST', resource: '/invoke', headers: null, body: {}, isBase64Encoded: true };
    const text = await invokeDirectly(chain, event);
    const [head = '', body = ''] = text.split('\0'.repeat(8));
    expect(JSON.parse(head)).toMatchObject({ statusCode: 500 });
    expect(JSON.parse(body)).toEqual({
      error: 'the function failed',
      code: 'INTERNAL_ERROR',
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
    });
  });

  test('an invocation with null as its event gets NOT_FOUND', async () => {
    const [, body = ''] = (await invokeDirectly(chain, null)).split('\0'.repeat(8));
    expect(JSON.parse(body)).toMatchObject({ code: 'NOT_FOUND' });
  });
}

/** The function's bytes for an event that API Gateway would make of a binary media type. */
async function invokeDirectly({ functionName, emulator }: CustomChain, event: object | null): Promise<string> {
  const { url, credentials } = emulator;
  const client = new LambdaClient({ region: REGION, endpoint: url, credentials });
  try {
    const { EventStream = [] } = await client.send(
      new InvokeWithResponseStreamCommand({ FunctionName: functionName, Payload: Buffer.from(JSON.stringify(event)) }),
    );
    const chunks: Uint8Array[] = [];
    for await (const { PayloadChunk } of EventStream) chunks.push(PayloadChunk?.Payload ?? new Uint8Array());
    return Buffer.concat(chunks).toString('utf8');
  } finally {
    client.destroy();
  }
}
