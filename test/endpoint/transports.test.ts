import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { resolveAwsAccess } from '../../src/aws/aws-access.ts';
import type { Transport, TurnRequest } from '../../src/endpoint/transport.ts';
import { AwsError } from '../../src/emulator/index.ts';
import { HOPS } from '../../src/stream/stream-part.ts';
import { openHop } from '../helpers/open-hop.ts';
import type { StreamPart } from '../../src/stream/stream-part.ts';
import { type ActingAgent, createActingAgent, createGate } from '../helpers/acting-agent.ts';
import { type Chain, startChain } from '../helpers/chain.ts';
import { turnParts } from '../helpers/turn-parts.ts';

let agent: ActingAgent;
let chain: Chain;
beforeAll(async () => {
  agent = createActingAgent({ endpoints: ['prod'] });
  chain = await startChain(
    {
      ...agent,
      // What the service itself refuses cannot be put into a script.
      async invoke(invocation) {
        if (invocation.payload.includes('too many')) {
          throw new AwsError('ThrottlingException', 429, 'Rate exceeded');
        }
        return agent.invoke(invocation);
      },
    },
    {
      // Chunks are those of the agent, and nothing is slow but what a test makes slow.
      parameters: { FlushMode: 'off', HeartbeatMs: '0', RateLimit: '1000', BurstLimit: '1000' },
      apiGateway: { streamFreeBytes: Infinity },
      lambda: { streamFreeBytes: Infinity },
    },
  );
});
afterAll(() => chain.close());

const never = new AbortController().signal;

describe.each(HOPS)('%s', (hop) => {
  let transport: Transport;
  beforeAll(async () => {
    const access = resolveAwsAccess({}, chain.env);
    ({ transport } = await openHop(hop, { stackName: 'chain' }, access));
  });
  afterAll(() => transport.close());

  const left: AsyncIterator<StreamPart>[] = [];
  afterEach(async () => {
    for (const turn of left.splice(0)) await turn.return?.();
  });

  /** A turn, part by part. */
  const start = (request: TurnRequest, signal = never) => {
    const turn = turnParts(transport, request, signal);
    left.push(turn);
    const next = async (): Promise<StreamPart | undefined> => {
      const { value, done } = await turn.next();
      return done ? undefined : value;
    };
    return {
      next,
      async until<T extends StreamPart['type']>(type: T): Promise<StreamPart & { type: T }> {
        for (let part = await next(); part; part = await next()) {
          if (part.type === type) return part as StreamPart & { type: T };
        }
        throw new Error(`no part of type ${type}`);
      },
    };
  };
  const readAll = async (request: TurnRequest) => {
    const parts: StreamPart[] = [];
    for await (const part of turnParts(transport, request, never)) parts.push(part);
    const head = parts.find((part) => part.type === 'headers');
    const chunks = parts.flatMap((part) => (part.type === 'chunk' ? [part.bytes] : []));
    return { parts, head, text: Buffer.concat(chunks).toString('utf8') };
  };

  test('hands over the parts of an answer in order, stamped, untouched', async () => {
    const sse = ': hello\n\ndata: "grün 🪿"\n\nevent: usage\ndata: {"tokens":3}\n\n';
    agent.on('whole', { acts: [{ write: Buffer.from(sse) }] });
    const before = performance.now();
    const { parts, head, text } = await readAll({ prompt: 'whole' });
    expect(text).toBe(sse);
    const types = parts.map(({ type }) => type);
    expect(types.slice(0, 3)).toEqual(['sent', 'headers', 'chunk']);
    expect(types.indexOf('end')).toBe(types.length - 1);
    const stamps = [before, ...parts.map(({ at }) => at), performance.now()];
    expect(stamps).toEqual(stamps.toSorted((a, b) => a - b));
    expect(head).toMatchObject({ status: 200, headers: { 'content-type': 'text/event-stream' } });
    expect(head?.headers['x-amzn-requestid']).toMatch(/\S/);
  });

  test('hands text over as it is made', async () => {
    const gate = createGate();
    agent.on('piecemeal', { acts: [{ write: 'data: "one"\n\n' }, { wait: gate.promise }, { write: 'data: "two"\n\n' }] });
    const turn = start({ prompt: 'piecemeal' });
    // The agent cannot have said the second word: it waits for the first one's arrival.
    expect(Buffer.from((await turn.until('chunk')).bytes).toString()).toBe('data: "one"\n\n');
    gate.open();
    expect(Buffer.from((await turn.until('chunk')).bytes).toString()).toBe('data: "two"\n\n');
    await turn.until('end');
    expect(await turn.next()).toBeUndefined();
  });

  test('sends the prompt as JSON, in the session that was asked for', async () => {
    const sessionId = randomUUID();
    const { head } = await readAll({ prompt: 'where "am" I?', sessionId });
    expect(head?.headers['x-session-id']).toBe(sessionId);
    const seen = agent.invocations.at(-1);
    expect(seen?.sessionId).toBe(sessionId);
    expect(JSON.parse(String(seen?.payload))).toEqual({ prompt: 'where "am" I?' });
    expect(seen).toMatchObject({ contentType: 'application/json', accept: 'text/event-stream, application/json' });
  });

  test('tells the session that was made when none was asked for', async () => {
    const { head } = await readAll({ prompt: 'anywhere' });
    expect(head?.headers['x-session-id']).toMatch(/^[0-9a-f-]{36}$/);
    expect(agent.invocations.at(-1)?.sessionId).toBe(head?.headers['x-session-id']);
  });

  test.each([
    ['an agent that fails', { prompt: 'broken' }, 424, 'AGENT_ERROR'],
    ['an endpoint that is not there', { prompt: 'x', qualifier: 'none' }, 404, 'AGENT_NOT_FOUND'],
    ['a service that throttles', { prompt: 'too many' }, 429, 'THROTTLED'],
  ])('answers for %s with a status and a code', async (_, request, status, code) => {
    agent.on('broken', { status: 500, acts: [{ write: 'oh no' }] });
    const { head, text } = await readAll(request);
    expect(head?.status).toBe(status);
    expect(head?.headers['content-type']).toBe('application/json');
    expect(JSON.parse(text)).toEqual({ code, error: expect.stringMatching(/\S/), requestId: expect.stringMatching(/\S/) });
  });

  test('a stream that breaks off is not one that ends', async () => {
    // No event stream: there the function would tell of it in-band and end properly.
    agent.on('dies', {
      contentType: 'application/json',
      acts: [{ write: '{"half":' }, { wait: Promise.resolve() }, { die: true }],
    });
    const turn = start({ prompt: 'dies' });
    expect(Buffer.from((await turn.until('chunk')).bytes).toString()).toBe('{"half":');
    await expect(turn.next()).rejects.toMatchObject({ code: 'STREAM_CUT' });
  });

  test('an abort ends the turn with its reason, and stop ends the agent’s work', async () => {
    const prompt = `stop me, ${hop}`;
    agent.on(prompt, { acts: [{ write: 'data: "one"\n\n' }, { wait: new Promise(() => {}) }] });
    const abort = new AbortController();
    const sessionId = randomUUID();
    const turn = start({ prompt, sessionId }, abort.signal);
    await turn.until('chunk');
    const rest = turn.next();
    abort.abort(new Error('enough'));
    await expect(rest).rejects.toThrow('enough');
    // Lambda is never told that its client has gone; AgentCore is.
    if (hop !== 'agentcore') {
      expect(agent.stopped).not.toContain(prompt);
      await transport.stop(sessionId);
    }
    await expect.poll(() => agent.stopped).toContain(prompt);
  });

  test('an abort before the answer ends the turn', async () => {
    const gate = createGate();
    agent.on('slow', { answerAfter: gate.promise, acts: [] });
    const abort = new AbortController();
    const turn = start({ prompt: 'slow' }, abort.signal);
    await turn.until('sent');
    const rest = turn.next();
    abort.abort(new Error('enough'));
    await expect(rest).rejects.toThrow('enough');
    gate.open();
    await expect(start({ prompt: 'never sent' }, abort.signal).next()).rejects.toThrow('enough');
    expect(agent.invocations.map(({ payload }) => String(payload)).join()).not.toContain('never sent');
  });

  test('stop ends a running stream from elsewhere', async () => {
    const prompt = `stopped from elsewhere, ${hop}`;
    agent.on(prompt, { acts: [{ write: 'data: "one"\n\n' }, { wait: new Promise(() => {}) }] });
    const sessionId = randomUUID();
    const turn = start({ prompt, sessionId });
    await turn.until('chunk');
    await transport.stop(sessionId);
    expect(agent.stopped).toContain(prompt);
    if (hop === 'agentcore') {
      await expect(turn.next()).rejects.toMatchObject({ code: 'STREAM_CUT' });
    } else {
      // The function tells of it in the stream.
      let text = '';
      while (!text.includes('event: error')) {
        text += String(Buffer.from((await turn.until('chunk')).bytes));
      }
      expect(text).toMatch(/event: error\ndata: .*STREAM_INTERRUPTED/);
      await turn.until('end');
    }
  });

  test('stop goes to the endpoint that the turn was sent to', async () => {
    const prompt = `on prod, ${hop}`;
    agent.on(prompt, { acts: [{ write: 'data: "one"\n\n' }, { wait: new Promise(() => {}) }] });
    const sessionId = randomUUID();
    await start({ prompt, sessionId, qualifier: 'prod' }).until('chunk');
    await expect(transport.stop(sessionId)).rejects.toMatchObject({ code: 'SESSION_NOT_FOUND' });
    expect(agent.stopped).not.toContain(prompt);
    await transport.stop(sessionId, 'prod');
    expect(agent.stopped).toContain(prompt);
  });

  test('stop says so when there is no such session', async () => {
    await expect(transport.stop(randomUUID())).rejects.toMatchObject({ code: 'SESSION_NOT_FOUND' });
  });

  test('a reader that leaves lets go of the connection', async () => {
    agent.on('left', { acts: [{ write: 'data: "one"\n\n' }, { wait: new Promise(() => {}) }] });
    const sessionId = randomUUID();
    for await (const part of turnParts(transport, { prompt: 'left', sessionId }, never)) {
      if (part.type === 'chunk') break;
    }
    if (hop === 'agentcore') await expect.poll(() => agent.stopped).toContain('left');
    else await transport.stop(sessionId);
  });

  test('an answer waits for its reader instead of filling the memory', async () => {
    const CHUNK = Buffer.alloc(65_536, 'x');
    const CHUNKS = 640;
    let made = 0;
    agent.on('a lot', {
      contentType: 'text/plain',
      acts: Array.from({ length: CHUNKS }, () => [{ wait: async () => (made += 1) }, { write: CHUNK }]).flat(),
    });
    const turn = start({ prompt: 'a lot' });
    await turn.until('chunk');
    // What is not read piles up in sockets and pipes until they are full: the agent comes to a halt.
    let before = -1;
    await expect
      .poll(
        () => {
          const halted = made === before;
          before = made;
          return halted;
        },
        { interval: 100 },
      )
      .toBe(true);
    expect(made).toBeLessThan(CHUNKS * 0.75);
    let bytes = 0;
    for (let part = await turn.next(); part; part = await turn.next()) {
      if (part.type === 'chunk') bytes += part.bytes.length;
    }
    expect(made).toBe(CHUNKS);
    expect(bytes).toBeGreaterThan(CHUNK.length * (CHUNKS - 2));
  });
});
