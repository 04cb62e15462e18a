import { afterEach, expect, test } from 'vitest';
import type { Agent } from '../../../src/emulator/agentcore/agent.ts';
import { createFaultInjector } from '../../../src/emulator/faults/fault-injector.ts';
import { faultyAgent } from '../../../src/emulator/faults/faulty-agent.ts';
import { parseFault } from '../../../src/emulator/faults/parse-fault.ts';
import { ARN, reader, SESSION, startAgentCore } from './agent-core-fixture.ts';

let running: Awaited<ReturnType<typeof startAgentCore>> | undefined;
afterEach(async () => {
  await running?.close();
  running = undefined;
});

/** Says `1`, `2` and `3`, an event each, in chunks that are cut elsewhere. */
const counting: Agent = {
  async invoke() {
    async function* body(): AsyncGenerator<Buffer> {
      for (const part of ['data: 1\n', '\ndata: 2\n\nda', 'ta: 3\n\n']) yield Buffer.from(part);
    }
    return { status: 200, contentType: 'text/event-stream', body: body() };
  },
};
const ALL = 'data: 1\n\ndata: 2\n\ndata: 3\n\n';

async function start(fault: string, agent = counting) {
  const faults = createFaultInjector({ faults: fault === '' ? [] : [parseFault(fault)], seed: 1, emit: () => undefined });
  running = await startAgentCore(agent, {}, { faults });
  return running;
}

/** What comes of the answer, and how it ends. */
async function read(response: unknown): Promise<{ text: string; ends: 'end' | 'cut' }> {
  const next = reader(response);
  let text = '';
  try {
    for (let piece = await next(); piece !== undefined; piece = await next()) text += piece;
    return { text, ends: 'end' };
  } catch {
    return { text, ends: 'cut' };
  }
}

test.each([
  ['', ALL, 'end'],
  ['cut:0', '', 'cut'],
  ['cut:2', 'data: 1\n\ndata: 2\n\n', 'cut'],
  ['cut:9', ALL, 'cut'],
  ['empty', '', 'end'],
  ['stall:1ms', ALL, 'end'],
  ['slow-first:1ms', ALL, 'end'],
  ['held', ALL, 'end'],
])('%s: what arrives', async (fault, text, ends) => {
  const answer = await (await start(fault)).invoke();
  expect([answer.statusCode, answer.contentType]).toEqual([200, 'text/event-stream']);
  expect(await read(answer.response)).toEqual({ text, ends });
});

test.each([
  ['stall:10h', 'data: 1\n\n'],
  ['stall:10h:2', 'data: 1\n\ndata: 2\n\n'],
])('%s: silent after so many events, until the session is stopped', async (fault, expected) => {
  const { invoke, stop } = await start(fault);
  const next = reader((await invoke()).response);
  let text = '';
  while (text.length < expected.length) text += await next();
  expect(text).toBe(expected);
  const silent = next();
  const first = await Promise.race([silent, new Promise((go) => setTimeout(go, 50, 'silence'))]);
  expect(first).toBe('silence');
  await stop();
  await expect(silent).rejects.toThrow('aborted');
});

test('slow-first: not even the headers come before', async () => {
  const { invoke, stop } = await start('slow-first:10h');
  const call = invoke().then(
    () => 'answered',
    (error: Error) => error.name,
  );
  expect(await Promise.race([call, new Promise((go) => setTimeout(go, 50, 'silence'))])).toBe('silence');
  await stop();
  expect(await call).toBe('RuntimeClientError');
});

test('huge: one event of so many bytes comes first', async () => {
  const { text } = await read((await (await start('huge:300kB')).invoke()).response);
  expect(text.endsWith(ALL)).toBe(true);
  const event = text.slice(0, -ALL.length);
  expect(event).toMatch(/^data: "x+"\n\n$/);
  expect(event.length).toBe(300_000);
});

test('malformed: bytes that are no UTF-8, halves of a character, lines without an event', async () => {
  const { body } = await faultyAgent(counting, { kind: 'malformed' }).invoke({
    payload: Buffer.from('{}'),
    contentType: 'application/json',
    accept: '',
    sessionId: SESSION,
    signal: new AbortController().signal,
    headers: {},
  });
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(Buffer.from(chunk));
  const bytes = Buffer.concat(chunks);
  expect(() => new TextDecoder('utf-8', { fatal: true }).decode(bytes)).toThrow();
  expect(bytes.toString('utf8')).toContain('"😀"');
  expect(chunks.some((chunk) => chunk.toString('utf8').includes('😀'))).toBe(false);
  expect(bytes.toString('utf8')).toMatch(/^data: 1\n\nthis line is no field of an event\r/);
  expect(bytes.toString('utf8')).toContain('data: 3\n\n');
});

// Names: API model of InvokeAgentRuntime; of 503 and 504 none is documented.
test.each([
  ['error:400', 400, 'ValidationException', 'MMDSv2'],
  ['error:401', 401, 'UnauthorizedException', ''],
  ['error:402', 402, 'ServiceQuotaExceededException', 'maxVms'],
  ['error:403', 403, 'AccessDeniedException', ARN],
  ['denied', 403, 'AccessDeniedException', 'assumed-role'],
  ['not-found', 404, 'ResourceNotFoundException', ARN],
  ['error:409', 409, 'ConflictException', ''],
  ['conflict', 409, 'RetryableConflictException', 'Session operation in progress, please retry'],
  ['error:424', 424, 'RuntimeClientError', 'Received error (500) from runtime'],
  ['throttle', 429, 'ThrottlingException', ''],
  ['error:500', 500, 'InternalServerException', ''],
  ['error:503', 503, 'ServiceUnavailableException', ''],
  ['error:504', 504, 'GatewayTimeoutException', ''],
])('%s is %i %s, and no session starts', async (fault, httpStatusCode, name, message) => {
  const { invoke, stop } = await start(fault);
  await expect(invoke()).rejects.toMatchObject({
    name,
    message: expect.stringContaining(message) as string,
    $metadata: { httpStatusCode },
  });
  await expect(stop()).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

test('conflict:1 lets the second call of a session through', async () => {
  const { invoke } = await start('conflict:1');
  await expect(invoke()).rejects.toMatchObject({ name: 'RetryableConflictException' });
  expect((await read((await invoke()).response)).text).toBe(ALL);
});
