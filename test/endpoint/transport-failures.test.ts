import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createAgentCoreTransport } from '../../src/endpoint/agentcore.ts';
import { createApiGatewayTransport } from '../../src/endpoint/api-gateway.ts';
import { createLambdaTransport } from '../../src/endpoint/lambda.ts';
import type { Transport } from '../../src/endpoint/transport.ts';
import type { TurnTimeouts } from '../../src/endpoint/turn-timers.ts';
import { encodeBlobEvent, encodeJsonEvent } from '../../src/emulator/lambda/invoke-api.ts';
import type { StreamPart } from '../../src/stream/stream-part.ts';
import { createGate } from '../helpers/acting-agent.ts';
import { type Served, serveHttp, serveSilence } from './serve.ts';

const sdk = (endpointUrl: string) => ({
  access: { region: 'eu-west-1', endpointUrl, credentials: { accessKeyId: 'key', secretAccessKey: 'secret' } },
});
const OPEN: Record<string, (url: string, timers: TurnTimeouts) => Transport> = {
  api: (url, timers) => createApiGatewayTransport({ url, auth: { type: 'none' } }, { timers }),
  lambda: (url, timers) => createLambdaTransport({ ...sdk(url), functionName: 'function' }, { timers }),
  agentcore: (url, timers) =>
    createAgentCoreTransport(
      {
        ...sdk(url),
        agentRuntimeArn: 'arn:aws:bedrock-agentcore:eu-west-1:000000000000:runtime/a-0123456789',
        qualifier: 'DEFAULT',
      },
      { timers },
    ),
};

let served: Served | undefined;
let transport: Transport | undefined;
afterEach(async () => {
  vi.useRealTimers();
  await transport?.close();
  served?.close();
});

const read = async (url: string, hop: string, timers: TurnTimeouts): Promise<StreamPart[]> => {
  const parts: StreamPart[] = [];
  transport = OPEN[hop]?.(url, timers);
  const { signal } = new AbortController();
  await transport?.send({ prompt: 'hi' }, (part) => void parts.push(part), signal);
  return parts;
};

describe.each(Object.keys(OPEN))('%s', (hop) => {
  /** A piece of a body as this hop's protocol has it. */
  const piece = (text: string): Uint8Array =>
    hop === 'lambda' ? encodeBlobEvent('PayloadChunk', Buffer.from(text)) : Buffer.from(text);
  const begin = (response: ServerResponse): void => {
    const type = hop === 'lambda' ? 'application/vnd.amazon.eventstream' : 'text/plain';
    response.writeHead(200, { 'content-type': type });
    if (hop === 'lambda') response.write(piece(`{"statusCode":200}${'\0'.repeat(8)}`));
  };

  test('gives up a connection that does not come about', async () => {
    served = await serveSilence();
    // The handshake of TLS is a part of connecting.
    await expect(read(`https://127.0.0.1:${served.port}`, hop, { connectMs: 20 })).rejects.toMatchObject({
      code: 'CONNECT_TIMEOUT',
      message: 'the connect timer ran out: no connection within 0.02 s',
    });
  });

  test('gives up an answer that does not begin', async () => {
    served = await serveHttp((_, response) => begin(response));
    await expect(read(served.url, hop, { firstByteMs: 20 })).rejects.toMatchObject({
      code: 'CLIENT_TIMEOUT',
      message: expect.stringContaining('first-byte'),
    });
  });

  test('gives up a stream that falls silent', async () => {
    served = await serveHttp((_, response) => {
      begin(response);
      response.write(piece('one'));
    });
    await expect(read(served.url, hop, { silenceMs: 20 })).rejects.toMatchObject({
      code: 'CLIENT_TIMEOUT',
      message: expect.stringContaining('silence'),
    });
  });

  test('gives up a turn that takes too long, however lively it is', async () => {
    served = await serveHttp((_, response) => {
      begin(response);
      const timer = setInterval(() => response.write(piece('again')), 5);
      response.once('close', () => clearInterval(timer));
    });
    await expect(read(served.url, hop, { totalMs: 60, silenceMs: 10_000 })).rejects.toMatchObject({
      code: 'CLIENT_TIMEOUT',
      message: expect.stringContaining('total'),
    });
  });

  test('the connect timer is over once the connection stands, however late the answer', async () => {
    const gate = createGate();
    let answer = (): void => undefined;
    served = await serveHttp((_, response) => {
      answer = () => {
        begin(response);
        response.end(hop === 'lambda' ? encodeJsonEvent('InvokeComplete', {}) : 'late');
      };
      gate.open();
    });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const parts = read(served.url, hop, {});
    await gate.promise;
    vi.advanceTimersByTime(60_000);
    answer();
    expect((await parts).at(-1)?.type).toBe('end');
  });

  test('tells apart that nobody listens', async () => {
    served = await serveSilence();
    served.close();
    await expect(read(served.url, hop, {})).rejects.toMatchObject({
      code: 'CONNECT_FAILED',
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });

  test('a connection that breaks before the answer may have reached the agent', async () => {
    served = await serveHttp((request) => request.socket.destroy());
    await expect(read(served.url, hop, {})).rejects.toMatchObject({ code: 'STREAM_CUT' });
  });
});

test.each(['lambda', 'agentcore'] as const)('%s: what fails before AWS is asked is told as in every command', async (hop) => {
  const noKeys = Object.assign(new Error('no keys'), { name: 'CredentialsProviderError' });
  const access = { region: 'eu-west-1', credentials: (() => Promise.reject(noKeys)) as never };
  const target = { access, functionName: 'f', agentRuntimeArn: 'arn', qualifier: 'q' };
  transport = hop === 'lambda' ? createLambdaTransport(target) : createAgentCoreTransport(target);
  const { signal } = new AbortController();
  const turn = transport.send({ prompt: 'hi' }, () => undefined, signal);
  const explained = { code: 'NO_CREDENTIALS', message: 'no AWS credentials: no keys' };
  await expect(turn).rejects.toMatchObject(explained);
  await expect(transport.stop('s'.repeat(33))).rejects.toMatchObject(explained);
});

describe('what a function may send', () => {
  const send = (...events: Uint8Array[]) =>
    serveHttp((_, response) => {
      response.writeHead(200, { 'content-type': 'application/vnd.amazon.eventstream' });
      for (const event of events) response.write(event);
      response.end();
    });
  const complete = (members: object): Uint8Array => encodeJsonEvent('InvokeComplete', members);
  const payload = (text: string): Uint8Array => encodeBlobEvent('PayloadChunk', Buffer.from(text));
  const PRELUDE = `{"statusCode":200,"headers":{"Content-Type":"text/plain"}}${'\0'.repeat(8)}`;

  test('a prelude in pieces, an empty chunk, a body', async () => {
    served = await send(
      ...[PRELUDE.slice(0, 20), PRELUDE.slice(20, -3), PRELUDE.slice(-3), '', 'body'].map(payload),
      complete({}),
    );
    const parts = await read(served.url, 'lambda', {});
    expect(parts.map(({ type }) => type)).toEqual(['sent', 'headers', 'chunk', 'end']);
    expect(parts[1]).toMatchObject({ status: 200, headers: { 'content-type': 'text/plain' } });
  });

  test.each([
    [
      'an error before its answer',
      [complete({ ErrorCode: 'Runtime.ExitError', ErrorDetails: '{"errorMessage":"gone"}' })],
      { code: 'Runtime.ExitError', message: 'the function failed: gone' },
    ],
    [
      'an error within its answer',
      [payload(PRELUDE), payload('half'), complete({ ErrorCode: 'Sandbox.Timedout' })],
      { code: 'STREAM_CUT', message: expect.stringContaining('Sandbox.Timedout') },
    ],
    ['nothing', [complete({})], { code: 'EMPTY_ANSWER' }],
    ['no prelude', [payload('{"hello":1}'), complete({})], { code: 'EMPTY_ANSWER' }],
    ['no end', [payload(PRELUDE), payload('half')], { code: 'STREAM_CUT' }],
    ['half an event', [payload(PRELUDE).subarray(0, 30)], { code: 'STREAM_CUT' }],
  ])('%s', async (_, events, error) => {
    served = await send(...events);
    await expect(read(served.url, 'lambda', {})).rejects.toMatchObject(error);
  });
});
