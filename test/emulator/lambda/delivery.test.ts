import { InvokeCommand, InvokeWithResponseStreamCommand } from '@aws-sdk/client-lambda';
import { afterEach, expect, test } from 'vitest';
import type { EmulatorEvent } from '../../../src/emulator/kernel/emulator-event.ts';
import { createFaultInjector } from '../../../src/emulator/faults/fault-injector.ts';
import { parseFault } from '../../../src/emulator/faults/parse-fault.ts';
import { deliver } from '../../../src/emulator/lambda/invoke-function.ts';
import { LAMBDA_LIMITS } from '../../../src/emulator/lambda/limits.ts';
import { type LambdaHarness, startLambda, streaming } from './lambda-harness.ts';

let lambda: LambdaHarness;
afterEach(() => lambda.close());

/** Writes a letter at a time and goes on by a signal, so that a test sees what has come before the next one. */
const STEPS = streaming(`
  const next = () => new Promise((resolve) => process.once('SIGUSR2', resolve));
  console.log('pid ' + process.pid);
  for (const text of event.writes) { stream.write(text); await next(); }
  stream.end();`);
/** Counts its own calls. */
const COUNTER = `let calls = 0; ${streaming(`calls += 1; stream.write('a' + calls); stream.write('b'); stream.write('c'); await new Promise((resolve) => setTimeout(resolve, 20)); stream.end('d');`)}`;

const pidOf = async () => Number(/pid (\d+)/.exec(await lambda.logged('pid '))?.[1]);

/** Asks for the next chunk; `isThere` says whether it comes by itself. */
function ask(chunks: AsyncIterator<Buffer>) {
  const pending = chunks.next();
  return {
    pending,
    isThere: () => Promise.race([pending.then(() => true), new Promise<boolean>((resolve) => setTimeout(resolve, 100, false))]),
  };
}

test('a small write waits for the next one; one that is large enough does not', async () => {
  lambda = await startLambda({ holdWritesBelowBytes: 4 });
  const name = await lambda.deploy(STEPS);
  const { payload } = await lambda.invoke(name, { writes: ['a', 'b', 'large'] });
  const chunks = payload[Symbol.asyncIterator]();
  const pid = await pidOf();
  const first = ask(chunks);
  expect(await first.isThere()).toBe(false);
  process.kill(pid, 'SIGUSR2');
  expect(String((await first.pending).value)).toBe('a');
  const second = ask(chunks);
  expect(await second.isThere()).toBe(false);
  process.kill(pid, 'SIGUSR2');
  expect(String((await second.pending).value)).toBe('b');
  expect(String((await chunks.next()).value)).toBe('large');
});

test('a held write leaves at the end', async () => {
  lambda = await startLambda({ holdWritesBelowBytes: 100 });
  const name = await lambda.deploy(streaming(`stream.write('a'); stream.write('b'); stream.end();`));
  expect((await lambda.run(name)).chunks).toEqual(['a', 'b']);
});

test('nothing is held unless asked for', async () => {
  lambda = await startLambda();
  const name = await lambda.deploy(STEPS);
  const { payload } = await lambda.invoke(name, { writes: ['a'] });
  const first = await payload[Symbol.asyncIterator]().next();
  expect(String(first.value)).toBe('a');
});

test('a share of the responses is kept back to the end, the same ones for the same seed', async () => {
  const isBuffered = async (seed: number) => {
    lambda = await startLambda({ bufferedShare: 0.5 }, [], { seed });
    const name = await lambda.deploy(streaming(`stream.write('a'); stream.end('b');`));
    const seen: boolean[] = [];
    // What is kept back comes in one piece.
    for (let call = 0; call < 8; call += 1) {
      const { chunks } = await lambda.run(name);
      expect(chunks.join('')).toBe('ab');
      seen.push(chunks.length === 1);
    }
    await lambda.close();
    return seen;
  };
  const seen = await isBuffered(1);
  expect(new Set(seen)).toEqual(new Set([true, false]));
  expect(await isBuffered(1)).toEqual(seen);
});

test('bytes after the free ones go at the bandwidth', async () => {
  lambda = await startLambda({ streamFreeBytes: 3, streamBytesPerSecond: 1e-6 });
  const name = await lambda.deploy(streaming(`stream.end('onetwo');`));
  const { payload } = await lambda.invoke(name);
  const chunks = payload[Symbol.asyncIterator]();
  expect(String((await chunks.next()).value)).toBe('one');
  expect(await ask(chunks).isThere()).toBe(false);
  // A response that is not streamed has no bandwidth.
  const buffered = await lambda.client.send(new InvokeCommand({ FunctionName: name }));
  expect(buffered.Payload?.transformToString()).toBe('onetwo');
});

test('the bandwidth is Lambda’s: 6 MiB, then 2 MiB a second', () => {
  expect(LAMBDA_LIMITS).toMatchObject({
    streamFreeBytes: 6 * 2 ** 20,
    streamBytesPerSecond: 2 * 2 ** 20,
    streamedResponseBytes: 200 * 2 ** 20,
  });
});

test.each([
  ['error', { ErrorCode: 'Function.ResponseSizeTooLarge' }],
  ['truncate', {}],
] as const)('a response over the limit ends at it, in %s', async (overflow, complete) => {
  lambda = await startLambda({ streamedResponseBytes: 1_000, streamedResponseOverflow: overflow });
  const name = await lambda.deploy(COUNTER.replace("'b'", "'b'.repeat(5000)"));
  const call = async () => {
    const { EventStream } = await lambda.client.send(new InvokeWithResponseStreamCommand({ FunctionName: name }));
    let text = '';
    let end: object | undefined;
    for await (const { PayloadChunk, InvokeComplete } of EventStream ?? []) {
      text += Buffer.from(PayloadChunk?.Payload ?? []).toString();
      end ??= InvokeComplete;
    }
    return { text, end };
  };
  const { text, end } = await call();
  expect(text).toBe(`a1${'b'.repeat(998)}`);
  expect(end).toMatchObject(complete);
  if (overflow === 'truncate') expect(end).not.toHaveProperty('ErrorCode');
  // The environment goes on with its function, and takes another call when that has ended.
  await expect.poll(async () => (await call()).text.slice(0, 2)).toBe('a2');
});

test('a response of exactly the limit is whole', async () => {
  lambda = await startLambda({ streamedResponseBytes: 5 });
  const name = await lambda.deploy(COUNTER);
  expect(await lambda.run(name)).toMatchObject({ chunks: ['a1', 'b', 'c', 'd'], completion: { type: 'ok' } });
});

test('a crash fault ends the process after so many writes, and the next call is cold', async () => {
  const events: EmulatorEvent[] = [];
  const faults = createFaultInjector({ faults: [], seed: 1, emit: (event) => events.push(event) });
  lambda = await startLambda({}, [], { faults });
  const name = await lambda.deploy(COUNTER);
  const run = async (...kinds: string[]) => {
    const { payload, completion } = await lambda.service.invoke({
      functionArn: name,
      payload: Buffer.from('{}'),
      mode: 'streaming',
      faults: kinds.map(parseFault),
    });
    let text = '';
    for await (const chunk of payload) text += String(chunk);
    return { text, completion: await completion };
  };
  expect(await run()).toEqual({ text: 'a1bcd', completion: { type: 'ok' } });
  expect(await run('crash:2')).toMatchObject({
    text: 'a2b',
    completion: { type: 'error', when: 'crash', errorType: 'Runtime.TruncatedResponse' },
  });
  expect((await run('crash:9')).text).toBe('a1bcd');
  expect(events).toEqual([
    { type: 'fault', fault: 'crash:2', place: 'function' },
    { type: 'fault', fault: 'crash:9', place: 'function' },
  ]);
});

test('held and buffered faults act as the options do', async () => {
  async function* writes(text: string): AsyncGenerator<Buffer> {
    yield Buffer.from(text);
    await new Promise(() => {});
  }
  const first = async (delivery: Parameters<typeof deliver>[1], text = 'a') =>
    await ask(deliver(writes(text), delivery, LAMBDA_LIMITS)).isThere();
  lambda = await startLambda();
  expect(await first({})).toBe(true);
  expect(await first({ holdBelowBytes: 2 })).toBe(false);
  expect(await first({ holdUntilBytes: 2 })).toBe(false);
  expect(await first({ holdUntilBytes: 2 }, 'ab')).toBe(true);
  expect(await first({ buffered: true })).toBe(false);
  expect(await first({ bufferedWhenJoined: true })).toBe(true);
  expect(await first({ bufferedWhenJoined: true }, '\0'.repeat(8))).toBe(true);
  expect(await first({ bufferedWhenJoined: true }, `${'\0'.repeat(8)}a`)).toBe(false);
});

test('a function’s own timeout is scaled, and with it the time that it has left', async () => {
  lambda = await startLambda({ timeScale: 3 });
  const code = streaming(`stream.end(String(context.getRemainingTimeInMillis()));`);
  const remaining = async (Timeout: number) => Number((await lambda.run(await lambda.deploy(code, { Timeout }))).chunks[0]);
  const long = await remaining(900);
  expect(long).toBeGreaterThan(200_000);
  expect(long).toBeLessThanOrEqual(300_000);
  expect(await remaining(120)).toBeLessThanOrEqual(60_000);
  const short = await remaining(20);
  expect(short).toBeGreaterThan(7_000);
  expect(short).toBeLessThanOrEqual(20_000);
});
