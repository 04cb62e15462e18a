import { afterEach, expect, test, vi } from 'vitest';
import { type Exchange, openTurn } from '../../src/endpoint/open-turn.ts';

afterEach(() => void vi.useRealTimers());

const never = new AbortController().signal;
const forever = (): Promise<never> => new Promise(() => {});
const chunk = { type: 'chunk', at: 1, bytes: new Uint8Array(100) } as const;

test('sends nothing before somebody reads', async () => {
  let started = 0;
  const turn = openTurn(
    async (sink) => {
      started += 1;
      sink.push({ type: 'end', at: 1 });
    },
    { signal: never },
  );
  expect(started).toBe(0);
  expect(await turn.next()).toEqual({ done: false, value: { type: 'end', at: 1 } });
  expect(await turn.next()).toEqual({ done: true, value: undefined });
  expect(started).toBe(1);
});

test('an abort and a timer end the turn although the exchange hangs', async () => {
  const abort = new AbortController();
  let over: AbortSignal | undefined;
  const hanging: Exchange = async (sink, signal) => {
    over = signal;
    sink.push({ type: 'sent', at: 1 });
    await forever();
  };
  const aborted = openTurn(hanging, { signal: abort.signal });
  await aborted.next();
  const next = aborted.next();
  abort.abort(new Error('enough'));
  await expect(next).rejects.toThrow('enough');
  expect(over?.aborted).toBe(true);

  const late = openTurn(hanging, { signal: never, timers: { totalMs: 1 } });
  await late.next();
  await expect(late.next()).rejects.toMatchObject({ code: 'CLIENT_TIMEOUT' });
  expect(over?.aborted).toBe(true);
});

test('who leaves early is not kept waiting, and the exchange is told', async () => {
  let over: AbortSignal | undefined;
  const turn = openTurn(
    async (sink, signal) => {
      over = signal;
      sink.push(chunk);
      await forever();
    },
    { signal: never },
  );
  for await (const part of turn) if (part.type === 'chunk') break;
  expect(over?.aborted).toBe(true);
});

test('what the exchange throws comes after its parts', async () => {
  const turn = openTurn(
    async (sink) => {
      sink.push(chunk);
      throw new Error('cut');
    },
    { signal: never },
  );
  expect((await turn.next()).value).toBe(chunk);
  await expect(turn.next()).rejects.toThrow('cut');
});

test('time in which we do not read is no silence of the sender', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const turn = openTurn(
    async (sink) => {
      sink.push({ type: 'sent', at: 0 });
      // The first is handed over at once; of those that wait the second is too much.
      while (sink.push(chunk));
      await sink.drained();
      await forever();
    },
    { signal: never, timers: { silenceMs: 50 }, highWaterBytes: 400 },
  );
  await turn.next();
  vi.advanceTimersByTime(1_000);
  expect((await turn.next()).value).toBe(chunk);
  expect((await turn.next()).value).toBe(chunk);
  const rest = turn.next();
  await new Promise(setImmediate);
  vi.advanceTimersByTime(50);
  await expect(rest).rejects.toMatchObject({ code: 'CLIENT_TIMEOUT' });
});

test('leaves nothing behind on a signal that many turns share', async () => {
  const abort = new AbortController();
  const add = vi.spyOn(abort.signal, 'addEventListener');
  const remove = vi.spyOn(abort.signal, 'removeEventListener');
  for (const exchange of [async () => {}, () => Promise.reject(new Error('cut'))]) {
    const turn = openTurn(exchange, { signal: abort.signal });
    await turn.next().catch(() => undefined);
  }
  expect(add).toHaveBeenCalledTimes(2);
  expect(remove.mock.calls.map(([, listener]) => listener)).toEqual(
    add.mock.calls.map(([, listener]) => listener),
  );
});
