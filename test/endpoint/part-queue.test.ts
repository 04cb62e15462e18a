import { expect, test } from 'vitest';
import { createPartQueue } from '../../src/endpoint/part-queue.ts';
import type { StreamPart } from '../../src/stream/stream-part.ts';

const chunk = (size: number): StreamPart => ({
  type: 'chunk',
  at: 0,
  bytes: new Uint8Array(size),
});
/** Whether a promise has settled, once everything that could run has run. */
const settled = async (promise: Promise<unknown>): Promise<boolean> => {
  let done = false;
  void promise.then(() => (done = true));
  await new Promise(setImmediate);
  return done;
};

test('hands parts over in order, those that waited and those that are waited for', async () => {
  const queue = createPartQueue();
  queue.push({ type: 'sent', at: 1 });
  queue.push({ type: 'end', at: 2 });
  expect(await queue.next()).toEqual({ done: false, value: { type: 'sent', at: 1 } });
  expect(await queue.next()).toEqual({ done: false, value: { type: 'end', at: 2 } });
  const next = queue.next();
  queue.push({ type: 'end', at: 3 });
  expect(await next).toEqual({ done: false, value: { type: 'end', at: 3 } });
});

test('is full past its bound and has drained at half of it', async () => {
  const queue = createPartQueue(1_000);
  expect(queue.push(chunk(500))).toBe(true);
  expect(await settled(queue.drained())).toBe(true);
  expect(queue.push(chunk(500))).toBe(false);
  const drained = queue.drained();
  expect(queue.push(chunk(300))).toBe(false);
  await queue.next();
  expect(await settled(drained)).toBe(false);
  await queue.next();
  expect(await settled(drained)).toBe(true);
  expect(queue.push(chunk(1))).toBe(true);
});

test('counts more than the bytes, so that tiny parts are bounded, too', () => {
  const queue = createPartQueue(10_000);
  let pushed = 0;
  while (queue.push(chunk(1)) && pushed < 10_000) pushed += 1;
  expect(pushed).toBeLessThan(100);
});

test('gives what waits before its end and before its failure', async () => {
  for (const finish of ['end', 'fail'] as const) {
    const queue = createPartQueue();
    queue.push(chunk(1));
    if (finish === 'end') queue.end();
    else queue.fail(new Error('cut'));
    queue.push(chunk(2));
    expect((await queue.next()).value).toEqual(chunk(1));
    if (finish === 'end') expect(await queue.next()).toEqual({ done: true, value: undefined });
    else await expect(queue.next()).rejects.toThrow('cut');
  }
});

test('the first ending counts, and frees whoever waits', async () => {
  const queue = createPartQueue(10);
  const next = queue.next();
  queue.fail(new Error('first'));
  queue.fail(new Error('second'));
  queue.end();
  await expect(next).rejects.toThrow('first');
  await expect(queue.next()).rejects.toThrow('first');

  const full = createPartQueue(10);
  full.push(chunk(100));
  const drained = full.drained();
  full.end();
  expect(await settled(drained)).toBe(true);
});
