import { Readable, Writable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { AgentRuntime } from '../../lambda/agent-runtime.ts';
import { relayTurn } from '../../lambda/relay.ts';
import type { AgentRequest } from '../../lambda/request.ts';
import { ClientResponse } from '../../lambda/response.ts';
import { type Decoded, SseDecoder } from '../../src/agent-events/sse.ts';
import { Utf8Decoder } from '../../src/agent-events/utf8.ts';
import { type FlushMode, HEAD_PAUSE_MS, KEEP_ALIVE } from '../../src/protocol.ts';
import { cases } from '../helpers/properties.ts';
import { cutAt } from '../helpers/split-bytes.ts';

const SSE = 'text/event-stream';
const HEARTBEAT_MS = 15_000;
const HEAD_BYTES = 12;
/** The first bytes of a gzip file. */
const GZIP = Uint8Array.of(0x1f, 0x8b, 8);
const LINE_ENDS = ['\n', '\r\n', '\r'];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  vi.stubGlobal('awslambda', { HttpResponseStream: { from: (stream: unknown) => stream } });
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** An answer of an agent: its chunks, each after a pause, and the time until its head comes. */
interface Answer {
  readonly contentType: string;
  readonly headAfterMs: number;
  readonly chunks: readonly { readonly bytes: Uint8Array; readonly afterMs: number }[];
  readonly breaksOff: boolean;
}

/** What the function writes for an answer: bytes are the agent's, text is its own. A slow client takes nothing before the next turn. */
async function relay(answer: Answer, flush: FlushMode, isSlow: boolean): Promise<(string | Buffer)[]> {
  const { contentType, headAfterMs, chunks, breaksOff } = answer;
  const written: (string | Buffer)[] = [];
  const raw = new Writable({
    decodeStrings: false,
    highWaterMark: isSlow ? 1 : 16_384,
    write(chunk: string | Buffer, _encoding, done) {
      written.push(chunk);
      if (isSlow) setImmediate(done);
      else done();
    },
  });
  async function* body(): AsyncGenerator<Uint8Array> {
    for (const { bytes, afterMs } of chunks) {
      await turn();
      vi.advanceTimersByTime(afterMs);
      yield bytes;
    }
    await turn();
    if (breaksOff) throw new Error('the agent died');
  }
  const runtime = {
    async invoke() {
      vi.advanceTimersByTime(headAfterMs);
      await turn();
      return Object.assign(Readable.from(body(), { highWaterMark: 1 }), { headers: { 'content-type': contentType } });
    },
  };
  const relayed = relayTurn(
    { accept: SSE } as AgentRequest,
    runtime as unknown as AgentRuntime,
    new ClientResponse(raw, 'request', {}),
    { sessionId: 's', heartbeatMs: HEARTBEAT_MS, flush, remainingMs: 900_000, initMs: undefined },
  );
  while (!raw.writableFinished) {
    await turn();
    if (flush === 'pause') vi.advanceTimersByTime(HEAD_PAUSE_MS);
  }
  await relayed;
  return written.filter((chunk) => chunk.length > 0);
}

/** Events of a stream that has ended; comments are not of interest. */
function eventsOf(bytes: Uint8Array): Decoded[] {
  return [...new SseDecoder().push(new Utf8Decoder().decode(bytes))].filter(({ type }) => type !== 'comment');
}

/**
 * Pieces of a body, each after a pause. The first is long enough to tell a byte order mark and the name of a field: the function looks at
 * nothing else when it tells events from text.
 */
const inPieces = (body: fc.Arbitrary<Uint8Array>) => {
  const pause = fc.constantFrom(0, 0, 3, 10, HEARTBEAT_MS);
  const cuts = fc.array(fc.nat(300), { maxLength: 6 });
  return fc.tuple(body, cuts, fc.array(pause, { minLength: 7, maxLength: 7 })).map(([whole, places, pauses]) => {
    const head = whole.subarray(0, HEAD_BYTES);
    const [first = head, ...rest] = cutAt(whole.subarray(HEAD_BYTES), places);
    return [Buffer.concat([head, first]), ...rest].map((bytes, index) => ({ bytes, afterMs: pauses[index] ?? 0 }));
  });
};
const flushMode = fc.constantFrom<FlushMode>('off', 'auto', 'pause', 40);
const bytesOf = (parts: readonly (string | Uint8Array)[]): Buffer =>
  Buffer.concat(parts.map((part) => Buffer.from(part as string)));

const lineEnd = fc.constantFrom(...LINE_ENDS);
const line = fc.constantFrom('data: x', 'data: grüße 🎈', 'event: e', 'id: 7', ': c', ':', 'data', '', '', '');
const eventStream = fc.array(fc.tuple(line, lineEnd), { maxLength: 12 }).map((lines) => bytesOf(lines.flat()));
/** The function takes the mark off where something may stand before it. */
const MARK = '\uFEFF';
const marked = fc.tuple(fc.constantFrom('', MARK), eventStream).map(bytesOf);
const withoutMark = (bytes: Uint8Array): string =>
  Buffer.from(bytes)
    .toString()
    .replace(/^\uFEFF/, '');

test('an event stream arrives as the agent sends it, however it is split and whatever is put in', async () => {
  await fc.assert(
    fc.asyncProperty(
      inPieces(marked),
      fc.constantFrom(0, HEARTBEAT_MS),
      fc.boolean(),
      flushMode,
      fc.boolean(),
      async (chunks, headAfterMs, breaksOff, flush, isSlow) => {
        const sent = bytesOf(chunks.map(({ bytes }) => bytes));
        const written = await relay({ contentType: SSE, headAfterMs, chunks, breaksOff }, flush, isSlow);
        const events = eventsOf(bytesOf(written));
        if (breaksOff) expect(events.pop()).toMatchObject({ event: 'error', data: expect.stringMatching('STREAM_INTERRUPTED') });
        expect(events).toEqual(eventsOf(breaksOff ? bytesOf([sent, '\n\n']) : sent));
        const passedOn = bytesOf(written.filter((chunk) => typeof chunk !== 'string'));
        if (typeof flush !== 'number') expect(String(passedOn)).toBe(withoutMark(sent));
      },
    ),
    { numRuns: cases(10_000) },
  );
});

test('a comment goes out after a silence, which each chunk ends', async () => {
  const chunkAfter = (afterMs: number) => ({ bytes: Buffer.from('data: x\n\n'), afterMs });
  const pauses = async (...afterMs: number[]) => {
    const written = await relay(
      { contentType: SSE, headAfterMs: 0, chunks: afterMs.map(chunkAfter), breaksOff: false },
      'off',
      false,
    );
    return written.map(String);
  };
  const event = 'data: x\n\n';
  expect(await pauses(0, HEARTBEAT_MS, 2 * HEARTBEAT_MS)).toEqual([event, KEEP_ALIVE, event, KEEP_ALIVE, KEEP_ALIVE, event]);
  expect(await pauses(0, HEARTBEAT_MS - 1, HEARTBEAT_MS - 1)).toEqual([event, event, event]);
});

test('bytes that no event can carry end a stream that has begun with an error event', async () => {
  const chunks = [{ bytes: GZIP, afterMs: 0 }];
  const written = await relay(
    { contentType: 'application/json', headAfterMs: HEARTBEAT_MS, chunks, breaksOff: false },
    'off',
    false,
  );
  expect(String(bytesOf(written))).toMatch(/^: keep-alive\nevent: error\ndata: \{"error":"[^"]*gzip[^"]*","code":"AGENT_ERROR"/);
});

/** The data of the events that an answer of another kind becomes, in one text: where text is cut is the agent's affair. */
const dataOf = (events: readonly Decoded[], between: string): string =>
  events.map((event) => (event.type === 'event' ? event.data : `<${event.type}>`)).join(between);

const word = fc.constantFrom('data: x\n\n', '{"a":1}', 'x', ' ', 'grüße 🎈', '"', 'data', '');
const words = fc
  .tuple(fc.constantFrom('', MARK), fc.array(fc.tuple(word, fc.oneof(lineEnd, fc.constant(''))), { minLength: 1, maxLength: 10 }))
  .map(([mark, all]) => mark + all.flat().join(''));
const KINDS = ['application/json', 'text/plain', 'application/x-ndjson'];

test('an answer of another kind keeps its text in a stream that has begun, and its bytes in one that has not', async () => {
  await fc.assert(
    fc.asyncProperty(
      inPieces(words.map((text) => Buffer.from(text))),
      fc.constantFrom(...KINDS),
      fc.constantFrom(0, HEARTBEAT_MS),
      flushMode,
      fc.boolean(),
      async (chunks, contentType, headAfterMs, flush, isSlow) => {
        const sent = bytesOf(chunks.map(({ bytes }) => bytes));
        const text = withoutMark(sent).replaceAll(/\r\n?/g, '\n');
        fc.pre(!/^\n{3,}data:/.test(text));
        const written = bytesOf(await relay({ contentType, headAfterMs, chunks, breaksOff: false }, flush, isSlow));
        if (headAfterMs === 0) expect(written).toEqual(sent);
        else if (/^\n*data:/.test(text)) expect(eventsOf(written)).toEqual(eventsOf(sent));
        else if (contentType === 'application/x-ndjson') {
          const lines = text.split('\n').filter((one) => one.trim() !== '');
          expect(dataOf(eventsOf(written), '\n')).toBe(lines.join('\n'));
        } else expect(dataOf(eventsOf(written), '')).toBe(text);
      },
    ),
    { numRuns: cases(10_000) },
  );
});
