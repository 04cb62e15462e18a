import { expect, test } from 'vitest';
import type { Agent } from '../../../src/emulator/agentcore/agent.ts';
import { type AgentScript, scriptedAgent } from '../../../src/emulator/agentcore/agents/scripted.ts';

const frame = (delayMs: number, text: string) => ({ delayMs, bytes: Buffer.from(text) });
const SCRIPT: AgentScript = {
  contentType: 'text/event-stream',
  frames: [frame(100, 'a'), frame(50, 'b'), frame(0, 'c'), frame(200, 'd')],
  ends: 'end',
};

/** A time that passes only where somebody sleeps, and as the test wants. */
const createClock = () => {
  const waits: number[] = [];
  let now = 5_000;
  return {
    waits,
    pass: (ms: number) => void (now += ms),
    now: () => now,
    async sleep(ms: number, signal: AbortSignal) {
      signal.throwIfAborted();
      waits.push(ms);
      now += ms;
    },
  };
};
const invoke = (agent: Agent, signal = new AbortController().signal) =>
  agent.invoke({
    payload: Buffer.from('{}'),
    contentType: 'application/json',
    accept: '',
    sessionId: 's'.repeat(33),
    signal,
    headers: {},
  });
const readAll = async (body: AsyncIterable<Uint8Array>, onPiece?: (piece: string) => void) => {
  const pieces: string[] = [];
  for await (const piece of body) {
    pieces.push(String(piece));
    onPiece?.(String(piece));
  }
  return pieces;
};

test('plays the frames with their pauses, at every invocation', async () => {
  const clock = createClock();
  const agent = scriptedAgent(SCRIPT, { clock });
  for (let turn = 1; turn <= 2; turn += 1) {
    const reply = await invoke(agent);
    expect(reply).toMatchObject({ status: 200, contentType: 'text/event-stream' });
    expect(await readAll(reply.body)).toEqual(['a', 'b', 'c', 'd']);
    expect(clock.waits.splice(0)).toEqual([100, 50, 200]);
  }
});

test('a slow reader makes no later frame later', async () => {
  const clock = createClock();
  const { body } = await invoke(scriptedAgent(SCRIPT, { clock }));
  await readAll(body, (piece) => clock.pass(piece === 'a' ? 80 : 0));
  // b was due 30 ms ago; d has its time again.
  expect(clock.waits).toEqual([100, 170]);
});

test('plays faster, or at once', async () => {
  const clock = createClock();
  await readAll((await invoke(scriptedAgent(SCRIPT, { clock, speed: 2 }))).body);
  expect(clock.waits.splice(0)).toEqual([50, 25, 100]);
  const instant = scriptedAgent(SCRIPT, { clock, speed: Number.POSITIVE_INFINITY });
  expect(await readAll((await invoke(instant)).body)).toHaveLength(4);
  expect(clock.waits).toEqual([]);
});

test('lets time pass in a frame without bytes, and breaks off where the script does', async () => {
  const clock = createClock();
  const frames = [frame(10, 'half'), frame(90, '')];
  const agent = scriptedAgent({ ...SCRIPT, frames, ends: 'cut' }, { clock });
  const { body } = await invoke(agent);
  const pieces: string[] = [];
  await expect(readAll(body, (piece) => pieces.push(piece))).rejects.toThrow('cut');
  expect(pieces).toEqual(['half']);
  expect(clock.waits).toEqual([10, 90]);
});

test('answers with the status of the script', async () => {
  const agent = scriptedAgent({ ...SCRIPT, status: 503, contentType: 'text/plain' });
  expect(await invoke(agent)).toMatchObject({ status: 503, contentType: 'text/plain' });
});

test('stops when it is told to, in the middle of a pause, too', async () => {
  const abort = new AbortController();
  const frames = [frame(0, 'a'), frame(1e9, 'b')];
  const { body } = await invoke(scriptedAgent({ ...SCRIPT, frames }), abort.signal);
  const pieces = body[Symbol.asyncIterator]();
  await pieces.next();
  const second = pieces.next();
  abort.abort();
  await expect(second).rejects.toMatchObject({ name: 'AbortError' });

  const stopped = AbortSignal.abort();
  const instant = scriptedAgent(SCRIPT, { speed: Number.POSITIVE_INFINITY });
  await expect(readAll((await invoke(instant, stopped)).body)).rejects.toMatchObject({ name: 'AbortError' });
});
