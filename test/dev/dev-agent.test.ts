import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { StreamPart } from '../../src/stream/stream-part.ts';
import { createApiGatewayTransport } from '../../src/endpoint/api-gateway.ts';
import { type DevAgentHost, openDevAgent } from '../../src/dev/dev-agent.ts';
import type { DevEvent } from '../../src/dev/request-lines.ts';
import type { Agent } from '../../src/emulator/index.ts';
import { createRecorder } from '../../src/stream/recording.ts';
import { parseRecordings } from '../../src/stream/parse-recording.ts';
import { createActingAgent, createGate } from '../helpers/acting-agent.ts';
import { type Chain, startChain } from '../helpers/chain.ts';
import { measureRecording } from '../helpers/measure-recording.ts';
import { createMemoryTerminal } from '../helpers/memory-terminal.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'agentstream-test-'));
});
afterAll(() => rm(folder, { recursive: true }));

const never = new AbortController().signal;
let told: DevEvent[] = [];
const host: DevAgentHost = { terminal: createMemoryTerminal(), onEvent: (event) => void told.push(event), waitMs: 0 };
beforeEach(() => {
  told = [];
});
const save = async (name: string, text: string): Promise<string> => {
  const file = join(folder, name);
  await writeFile(file, text);
  return file;
};

/** One turn through the API, written down. */
async function record(chain: Chain, prompt: string, onBytes?: (text: string) => void): Promise<string> {
  const transport = createApiGatewayTransport({ url: chain.url, auth: { type: 'none' } });
  let lines = '';
  const recorder = createRecorder(
    { version: 1, startedAt: '2026-11-01T12:00:00.000Z', transport: 'api', request: { prompt } },
    (line) => (lines += line),
  );
  try {
    const onPart = (part: StreamPart): void => {
      recorder.push(part);
      if (part.type === 'chunk') onBytes?.(Buffer.from(part.bytes).toString());
    };
    await transport.send({ prompt }, onPart, never);
    recorder.finish(performance.now(), 'end');
  } catch {
    recorder.finish(performance.now(), 'reset');
  }
  await transport.close();
  return lines;
}

const events = (lines: string) =>
  parseRecordings(lines).map((recording) => {
    const told = measureRecording(recording);
    // The message of a stream that broke off in front of the function holds the id of its request.
    return { ...told, events: JSON.stringify(told.events).replaceAll(/[0-9a-f-]{36}/g, 'ID') };
  });

test('plays recordings back, one a turn, so that the same events come out', async () => {
  const acting = createActingAgent();
  const gate = createGate();
  acting.on('pausing', {
    acts: [
      { write: 'data: "ü' },
      { write: '"\n\nevent: tool\ndata: {"a":1}\n\n' },
      { wait: gate.promise },
      { write: 'data: ": keep-alive"\n\n' },
    ],
  });
  acting.on('dying', { acts: [{ write: 'data: "a"\n\ndata: "b' }, { die: true }] });
  const first = await startChain(acting, { parameters: { HeartbeatMs: '30' } });
  let recorded = '';
  try {
    recorded += await record(first, 'pausing', (bytes) => {
      if (bytes.includes(': keep-alive\n') && !bytes.includes('data')) gate.open();
    });
    recorded += await record(first, 'dying');
  } finally {
    await first.close();
  }
  const [pausing, dying] = events(recorded);
  expect(pausing?.metrics).toMatchObject({ outcome: 'ok' });
  expect(pausing?.metrics.heartbeats).toBeGreaterThan(0);

  const agent = await openDevAgent(await save('two.ndjson', recorded), never, host);
  const second = await startChain(agent);
  try {
    for (const expected of [pausing, dying, pausing]) {
      const [again] = events(await record(second, 'whatever'));
      expect(again?.events).toBe(withoutHeartbeats(expected?.events));
      expect(again?.metrics.heartbeats).toBe(0);
      expect(again?.metrics.outcome).toBe(expected?.metrics.outcome);
    }
  } finally {
    await second.close();
  }
});

const withoutHeartbeats = (json = '[]'): string =>
  JSON.stringify((JSON.parse(json) as { type: string }[]).filter(({ type }) => type !== 'heartbeat'));

test('a stream that was cut breaks off again', async () => {
  const acting = createActingAgent();
  acting.on('half', {
    contentType: 'application/json',
    acts: [{ write: '{"half":' }, { wait: Promise.resolve() }, { die: true }],
  });
  const first = await startChain(acting);
  const recorded = await record(first, 'half');
  await first.close();
  const file = await save('half.ndjson', recorded);
  await expect(readAll(await openDevAgent(file, never, host))).rejects.toThrow('cut');
});

async function readAll(agent: Agent): Promise<string> {
  const { body } = await agent.invoke({
    payload: Buffer.from('{}'),
    contentType: 'application/json',
    accept: '',
    sessionId: 's'.repeat(33),
    signal: never,
    headers: {},
  });
  let text = '';
  for await (const piece of body) text += String(Buffer.from(piece));
  return text;
}

test('a file that is not there, and files that hold no recording', async () => {
  const missing = join(folder, 'missing.ndjson');
  await expect(openDevAgent(missing, never, host)).rejects.toMatchObject({
    code: 'RECORDING_UNREADABLE',
    message: `the recording ${missing} cannot be read (ENOENT)`,
    exitCode: 2,
  });
  for (const text of ['', '{"type":"headers"}\n', 'not JSON']) {
    const file = await save('wrong.ndjson', text);
    await expect(openDevAgent(file, never, host)).rejects.toMatchObject({
      code: 'INVALID_RECORDING',
      message: expect.stringContaining(`${file}: `),
      hint: { parts: expect.arrayContaining([expect.arrayContaining(['--record'])]) },
      exitCode: 2,
    });
  }
});

test('what is no agent', async () => {
  await expect(openDevAgent('poet', never, host)).rejects.toMatchObject({
    code: 'INVALID_AGENT',
    hint: expect.stringContaining('FILE.ndjson'),
  });
});

/** An agent that is not the emulator's own: what it answers is text of the test. */
const serve = async (answer: (path: string) => readonly [status: number, body: string]) => {
  const server = createServer((request, response) => {
    const [status, body] = answer(request.url ?? '');
    response.writeHead(status).end(body);
  }).listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  return { server, port: (server.address() as AddressInfo).port };
};
const HEALTHY = [200, '{"status":"Healthy"}'] as const;

test('an address is a URL, a host with a port, or a port; each failure of the agent is told', async () => {
  const { server, port } = await serve((path) => (path === '/ping' ? HEALTHY : [500, '{"error":"boom"}']));
  for (const kind of [`http://127.0.0.1:${port}`, `127.0.0.1:${port}`, `localhost:${port}/`, String(port)]) {
    const agent = await openDevAgent(kind, never, host);
    expect(await readAll(agent)).toBe('{"error":"boom"}');
  }
  expect(told).toHaveLength(4);
  expect(told[0]).toMatchObject({ type: 'agent-failure', reason: 'agent answered 500: {"error":"boom"}' });
  const agent = await openDevAgent(String(port), never, host);
  server.close();
  server.closeAllConnections();
  told = [];
  for (let turn = 0; turn < 2; turn += 1) await expect(readAll(agent)).rejects.toThrow('ECONNREFUSED');
  expect(told).toMatchObject([
    { type: 'agent-failure', reason: `no connection to http://127.0.0.1:${port}` },
    { type: 'agent-note', text: expect.stringMatching(/ is gone .*; dev stays up$/) },
    { type: 'agent-failure' },
  ]);
  await expect(openDevAgent(String(port), never, host)).rejects.toMatchObject({
    code: 'AGENT_UNREACHABLE',
    message: expect.stringMatching(/^no healthy agent at .*ECONNREFUSED/),
  });
});

test('an agent that is not up yet is waited for, with a word', async () => {
  const { server, port } = await serve(() => HEALTHY);
  server.close();
  const opened = openDevAgent(String(port), never, { ...host, waitMs: 60_000 });
  await expect
    .poll(() => told)
    .toEqual([{ type: 'agent-note', text: `waiting for the agent at http://127.0.0.1:${port}: nothing listens there yet` }]);
  server.listen(port, '127.0.0.1');
  await opened;
  server.close();
});

test('a source file runs as a child, and again when it or what it imports changes', async () => {
  const source = (word: string): string => `export const WORD: string = ${JSON.stringify(word)};`;
  const imported = await save('word.ts', source('one'));
  const file = await save(
    'agent.ts',
    `import { createServer } from 'node:http';
    import { WORD } from './word.ts';
    createServer((request, response) => response.end(request.url === '/ping' ? '{"status":"Healthy"}' : WORD))
      .listen(Number(process.env.PORT), '127.0.0.1');`,
  );
  const agent = await openDevAgent(file, never, { ...host, terminal: createMemoryTerminal({ env: process.env }) });
  try {
    expect(await readAll(agent)).toBe('one');
    await save('word.ts', source('two words'));
    await expect.poll(() => readAll(agent).catch(String), { timeout: 60_000 }).toBe('two words');
    expect(told).toContainEqual({ type: 'agent-note', text: `${file} has changed: starting it again` });
    // A mistake is told, and the agent goes on when it is gone.
    await writeFile(imported, 'export const WORD = ;');
    const place = expect.stringMatching(/word\.ts:1: Unexpected ";"; waiting for a change$/) as string;
    await expect.poll(() => told, { timeout: 60_000 }).toContainEqual({ type: 'agent-note', text: place });
    await save('word.ts', source('three'));
    await expect.poll(() => readAll(agent).catch(String), { timeout: 60_000 }).toBe('three');
  } finally {
    await agent.close?.();
  }
  await expect(readAll(agent)).rejects.toThrow('is not running');
});
