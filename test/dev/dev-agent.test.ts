import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StreamPart } from '../../src/stream/stream-part.ts';
import { createApiGatewayTransport } from '../../src/endpoint/api-gateway.ts';
import { openDevAgent } from '../../src/dev/dev-agent.ts';
import type { Agent } from '../../src/emulator/index.ts';
import { createRecorder, measureRecording } from '../../src/stream/recording.ts';
import { parseRecordings } from '../../src/stream/parse-recording.ts';
import { createActingAgent, createGate } from '../helpers/acting-agent.ts';
import { type Chain, startChain } from '../helpers/chain.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'agentstream-test-'));
});
afterAll(() => rm(folder, { recursive: true }));

const never = new AbortController().signal;
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

  const agent = await openDevAgent(await save('two.ndjson', recorded), never);
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
  await expect(readAll(await openDevAgent(file, never))).rejects.toThrow('cut');
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
  await expect(openDevAgent(missing, never)).rejects.toMatchObject({
    code: 'RECORDING_UNREADABLE',
    message: `the recording ${missing} cannot be read (ENOENT)`,
    exitCode: 2,
  });
  for (const text of ['', '{"type":"headers"}\n', 'not JSON']) {
    const file = await save('wrong.ndjson', text);
    await expect(openDevAgent(file, never)).rejects.toMatchObject({
      code: 'INVALID_RECORDING',
      message: expect.stringContaining(`${file}: `),
      hint: { parts: expect.arrayContaining([expect.arrayContaining(['--record'])]) },
      exitCode: 2,
    });
  }
});

test('what is no agent', async () => {
  await expect(openDevAgent('poet', never)).rejects.toMatchObject({
    code: 'INVALID_AGENT',
    hint: expect.stringContaining('FILE.ndjson'),
  });
});
