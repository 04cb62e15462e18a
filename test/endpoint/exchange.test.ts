import { afterEach, expect, test, vi } from 'vitest';
import { type Exchange, runExchange } from '../../src/endpoint/exchange.ts';
import type { StreamPart } from '../../src/stream/stream-part.ts';

afterEach(() => void vi.useRealTimers());

const never = new AbortController().signal;
const forever = (): Promise<never> => new Promise(() => {});
const ignore = (): void => undefined;
const chunk = { type: 'chunk', at: 1, bytes: new Uint8Array(100) } as const;
/** Lets everything run that can. */
const settle = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/** A listener that says when it has caught up. */
function slowListener() {
  const parts: StreamPart[] = [];
  let ready = (): void => undefined;
  return {
    parts,
    onPart(part: StreamPart): Promise<void> {
      parts.push(part);
      return new Promise((resolve) => (ready = resolve));
    },
    catchUp: () => ready(),
  };
}

test('hands parts over in order, and settles with the exchange', async () => {
  const parts: StreamPart[] = [];
  const done = runExchange(
    async (sink) => {
      sink.push({ type: 'sent', at: 1 });
      await settle();
      sink.push(chunk);
      sink.push({ type: 'end', at: 2 });
    },
    (part) => void parts.push(part),
    { signal: never },
  );
  expect(parts).toEqual([{ type: 'sent', at: 1 }]);
  await done;
  expect(parts.map(({ type }) => type)).toEqual(['sent', 'chunk', 'end']);
});

test('an abort and a timer end the turn although the exchange hangs', async () => {
  const abort = new AbortController();
  let over: AbortSignal | undefined;
  const hanging: Exchange = async (sink, signal) => {
    over = signal;
    sink.push({ type: 'sent', at: 1 });
    await forever();
  };
  const aborted = runExchange(hanging, ignore, { signal: abort.signal });
  abort.abort(new Error('enough'));
  await expect(aborted).rejects.toThrow('enough');
  expect(over?.aborted).toBe(true);

  const late = runExchange(hanging, ignore, { signal: never, timers: { totalMs: 1 } });
  await expect(late).rejects.toMatchObject({ code: 'CLIENT_TIMEOUT' });
  expect(over?.aborted).toBe(true);
});

test('who has aborted before sends nothing', async () => {
  const exchange = vi.fn(async () => undefined);
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(runExchange(exchange, ignore, { signal })).rejects.toThrow('enough');
  expect(exchange).not.toHaveBeenCalled();
});

test('a listener that throws is not kept waiting, and the exchange is told', async () => {
  let over: AbortSignal | undefined;
  const turn = runExchange(
    async (sink, signal) => {
      over = signal;
      sink.push(chunk);
      await forever();
    },
    () => {
      throw new Error('no more');
    },
    { signal: never },
  );
  await expect(turn).rejects.toThrow('no more');
  expect(over?.aborted).toBe(true);
});

test('what the exchange throws comes after its parts; the first ending counts', async () => {
  const parts: StreamPart[] = [];
  const abort = new AbortController();
  const turn = runExchange(
    async (sink) => {
      sink.push(chunk);
      throw new Error('cut');
    },
    (part) => void parts.push(part),
    { signal: abort.signal },
  );
  await expect(turn).rejects.toThrow('cut');
  abort.abort(new Error('too late'));
  await expect(turn).rejects.toThrow('cut');
  expect(parts).toEqual([chunk]);
});

test('a listener that cannot keep up holds the exchange until it has caught up with all parts', async () => {
  const ready: (() => void)[] = [];
  const told: string[] = [];
  const turn = runExchange(
    async (sink) => {
      told.push(`kept up: ${sink.push(chunk)}`);
      // A part that is on its way already is not lost.
      told.push(`kept up: ${sink.push(chunk)}`);
      await sink.drained();
      told.push('drained');
    },
    () => new Promise<void>((resolve) => void ready.push(resolve)),
    { signal: never },
  );
  await settle();
  ready[0]?.();
  await settle();
  expect([ready.length, told]).toEqual([2, ['kept up: false', 'kept up: false']]);
  ready[1]?.();
  await turn;
  expect(told.at(-1)).toBe('drained');
});

test('time in which we do not read is no silence of the sender', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const listener = slowListener();
  const turn = runExchange(
    async (sink) => {
      sink.push({ type: 'sent', at: 0 });
      listener.catchUp();
      await sink.drained();
      sink.push(chunk);
      await sink.drained();
      await forever();
    },
    listener.onPart,
    { signal: never, timers: { silenceMs: 50 } },
  );
  const failure = turn.then(
    () => undefined,
    (error: unknown) => error,
  );
  await settle();
  expect(listener.parts).toHaveLength(2);
  vi.advanceTimersByTime(1_000);
  listener.catchUp();
  await settle();
  vi.advanceTimersByTime(49);
  await expect(Promise.race([failure, settle().then(() => 'goes on')])).resolves.toBe('goes on');
  vi.advanceTimersByTime(1);
  expect(await failure).toMatchObject({ code: 'CLIENT_TIMEOUT' });
});

test('leaves nothing behind on a signal that many turns share', async () => {
  const abort = new AbortController();
  const add = vi.spyOn(abort.signal, 'addEventListener');
  const remove = vi.spyOn(abort.signal, 'removeEventListener');
  for (const exchange of [async () => {}, () => Promise.reject(new Error('cut'))]) {
    await runExchange(exchange, ignore, { signal: abort.signal }).catch(() => undefined);
  }
  expect(add).toHaveBeenCalledTimes(2);
  expect(remove.mock.calls.map(([, listener]) => listener)).toEqual(add.mock.calls.map(([, listener]) => listener));
});
