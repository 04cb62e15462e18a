import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Agent, AgentInvocation } from '../../../src/emulator/agentcore/agent.ts';
import { echoAgent, storyAgent } from '../../../src/emulator/agentcore/agents/demo.ts';
import { httpAgent, pingAgent } from '../../../src/emulator/agentcore/agents/http.ts';

const SESSION = 's'.repeat(33);

const invocation = (body: unknown, more: Partial<AgentInvocation> = {}): AgentInvocation => ({
  payload: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
  contentType: 'application/json',
  accept: 'text/event-stream, application/json',
  sessionId: SESSION,
  signal: new AbortController().signal,
  headers: {},
  ...more,
});

async function ask(agent: Agent, body: unknown) {
  const { status, contentType, body: answer } = await agent.invoke(invocation(body));
  const pieces: string[] = [];
  for await (const piece of answer) pieces.push(Buffer.from(piece).toString('utf8'));
  return { status, contentType, pieces, text: pieces.join('') };
}

const said = (pieces: string[]) => pieces.map((piece) => JSON.parse(piece.slice('data: '.length)) as string).join('');

describe('echoAgent', () => {
  test('streams each word of the prompt as one event', async () => {
    const { contentType, pieces } = await ask(echoAgent(), { prompt: ' say "hello"\nnow ' });
    expect(contentType).toBe('text/event-stream');
    expect(pieces).toEqual(['data: " say "\n\n', 'data: "\\"hello\\"\\n"\n\n', 'data: "now "\n\n']);
  });

  test('takes text that is no JSON as the prompt', async () => {
    expect(said((await ask(echoAgent(), 'plain text')).pieces)).toBe('plain text');
  });
});

describe('storyAgent', () => {
  const instant = { tokenDelayMs: 0, firstTokenDelayMs: 0 };

  test('tells the same story about the prompt for the same seed', async () => {
    const one = await ask(storyAgent({ ...instant, seed: 7 }), { prompt: 'a red kite' });
    expect(one.pieces.length).toBeGreaterThan(50);
    expect(said(one.pieces)).toContain('a red kite');
    expect(await ask(storyAgent({ ...instant, seed: 7 }), { prompt: 'a red kite' })).toEqual(one);
    const other = await ask(storyAgent({ ...instant, seed: 8 }), { prompt: 'a red kite' });
    expect(other.text).not.toBe(one.text);
  });

  test('stops when it is told to', async () => {
    const abort = new AbortController();
    const { body } = await storyAgent({ firstTokenDelayMs: 0, tokenDelayMs: 1e6 }).invoke(
      invocation({ prompt: 'x' }, { signal: abort.signal }),
    );
    const iterator = body[Symbol.asyncIterator]();
    await iterator.next();
    const second = iterator.next();
    abort.abort();
    await expect(second).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('httpAgent', () => {
  let server: Server | undefined;
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });

  async function serve(handle: (request: IncomingMessage, response: ServerResponse) => void) {
    server = createServer(handle);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  test('speaks the container contract and passes bytes on as they come', async () => {
    let request: IncomingMessage | undefined;
    let response: ServerResponse | undefined;
    const url = await serve((incoming, outgoing) => {
      request = incoming;
      response = outgoing.writeHead(201, { 'content-type': 'text/x' });
      outgoing.write('one');
    });
    const reply = await httpAgent(url).invoke(invocation({ prompt: 'x' }, { headers: { traceparent: '00-1' } }));
    expect(reply).toMatchObject({ status: 201, contentType: 'text/x' });
    expect(request?.url).toBe('/invocations');
    expect(request?.headers).toMatchObject({
      'content-type': 'application/json',
      accept: 'text/event-stream, application/json',
      'x-amzn-bedrock-agentcore-runtime-session-id': SESSION,
      traceparent: '00-1',
    });
    const iterator = reply.body[Symbol.asyncIterator]();
    const next = async () => {
      const { value, done } = await iterator.next();
      return done ? undefined : Buffer.from(value).toString('utf8');
    };
    expect(await next()).toBe('one');
    response?.write('two');
    expect(await next()).toBe('two');
    response?.destroy();
    await expect(next()).rejects.toThrow('aborted');
  });

  test('closes the connection on abort', async () => {
    const closed = new Promise<void>((resolve) => {
      void serve((_, outgoing) => {
        outgoing.once('close', resolve);
        outgoing.write('one');
      });
    });
    await once(server as Server, 'listening');
    const abort = new AbortController();
    const url = `http://127.0.0.1:${((server as Server).address() as AddressInfo).port}/`;
    const reply = await httpAgent(url).invoke(invocation({}, { signal: abort.signal }));
    abort.abort();
    await closed;
    const drain = async () => {
      for await (const _ of reply.body);
    };
    await expect(drain()).rejects.toThrow('abort');
  });

  test.each([
    [200, '{"status":"HealthyBusy"}', { type: 'healthy', status: 'HealthyBusy' }],
    [200, '{}', { type: 'unhealthy' }],
    [500, '{"status":"Healthy"}', { type: 'unhealthy', reason: 'GET /ping answered 500' }],
  ])('reads a ping of %i %s', async (status, body, expected) => {
    const url = await serve((_, outgoing) => outgoing.writeHead(status).end(body));
    expect(await pingAgent(url)).toMatchObject(expected);
  });

  test('says that nothing listens', async () => {
    const url = await serve(() => {});
    server?.close();
    await once(server as Server, 'close');
    expect(await pingAgent(url)).toMatchObject({
      type: 'unreachable',
      reason: expect.stringContaining('ECONNREFUSED') as string,
    });
    await expect(httpAgent(url).invoke(invocation({}))).rejects.toThrow('ECONNREFUSED');
  });
});

describe('an agent written with bedrock-agentcore', () => {
  let url = '';
  beforeAll(async () => {
    const path = fileURLToPath(new URL('../../fixtures/agents/typescript-agent.mjs', import.meta.url));
    const child: ChildProcess = spawn(process.execPath, [path], {
      env: { ...process.env, PORT: '0' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(child.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
    url = /ready (\S+)/.exec(line.toString('utf8'))?.[1] ?? '';
    return async () => {
      child.kill();
      await once(child, 'exit');
    };
  });

  test('streams strings and objects', async () => {
    expect(await pingAgent(url)).toEqual({ type: 'healthy', status: 'Healthy' });
    const { status, contentType, text } = await ask(httpAgent(url), { prompt: 'hello there' });
    expect(status).toBe(200);
    expect(contentType).toContain('text/event-stream');
    expect(text).toContain('data: hello\n\ndata: there\n\n');
    expect(text).toContain(`data: {"type":"result","sessionId":"${SESSION}"}`);
  });

  test('needs SSE to be accepted, and reports its own failure', async () => {
    const reply = await httpAgent(url).invoke(invocation({ prompt: 'x' }, { accept: 'application/json' }));
    expect(reply.status).toBe(406);
    const failed = await ask(httpAgent(url), { prompt: 'x', fail: 'middle' });
    expect(failed.text).toContain('event: error');
  });
});
