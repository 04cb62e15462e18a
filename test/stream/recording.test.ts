import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRecorder } from '../../src/stream/recording.ts';
import { parseRecordings, type Recording } from '../../src/stream/parse-recording.ts';
import type { Ending, StreamPart } from '../../src/stream/stream-part.ts';
import { measureRecording } from '../helpers/measure-recording.ts';
import { fixtureParts, receive, STREAM_FIXTURES } from '../helpers/stream-fixtures.ts';

const HEADER: Recording['header'] = {
  version: 1,
  startedAt: '2026-01-02T03:04:05.678Z',
  transport: 'api',
  endpoint: { idleLimitMs: 300_000 },
  request: { prompt: 'grüße\n🎈', sessionId: 's' },
};

const record = (parts: readonly StreamPart[], endedAt: number, ending: Ending): string => {
  let lines = '';
  const recorder = createRecorder(HEADER, (line) => {
    lines += line;
  });
  for (const part of parts) recorder.push(part);
  recorder.finish(endedAt, ending);
  return lines;
};

const part = fc.oneof(
  fc.record({
    type: fc.constant('headers' as const),
    status: fc.integer({ min: 200, max: 599 }),
    // Shorter than `prototype`, which the validator drops.
    headers: fc.dictionary(fc.stringMatching(/^[a-z-]{1,8}$/), fc.string()),
  }),
  fc.record({
    type: fc.constant('chunk' as const),
    bytes: fc.oneof(
      fc.uint8Array({ maxLength: 20 }),
      fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
      fc.constant(Buffer.from('\uFEFFdata: bom\r\n')),
    ),
  }),
  fc.constant({ type: 'end' as const }),
);
const turn = fc.record({
  sentAtMicros: fc.integer({ min: 0, max: 1e9 }),
  parts: fc.array(fc.tuple(fc.integer({ min: 0, max: 1e8 }), part), { maxLength: 12 }),
  ending: fc.constantFrom<Ending>('end', 'reset', 'client-timeout', 'cancelled'),
});

test('what was recorded is read as it was, every byte and every microsecond', () => {
  fc.assert(
    fc.property(turn, ({ sentAtMicros, parts, ending }) => {
      const times = parts.map(([micros]) => micros).sort((a, b) => a - b);
      const bodies = parts.map(([, body]) => body);
      const at = (micros: number): number => (sentAtMicros + micros) / 1_000;
      const live: StreamPart[] = [
        { type: 'sent', at: at(0) },
        ...bodies.map((body, index) => ({ ...body, at: at(times[index] ?? 0) })),
      ];
      const last = times.at(-1) ?? 0;
      const recordings = parseRecordings(record(live, at(last + 5), ending));
      expect(recordings).toMatchObject([{ header: HEADER, ending, endedAtMs: (last + 5) / 1_000 }]);
      expect(plain(recordings.flatMap(({ parts }) => parts))).toEqual(
        plain([{ type: 'sent', at: 0 }, ...bodies.map((body, index) => ({ ...body, at: (times[index] ?? 0) / 1_000 }))]),
      );
    }),
  );
});

test.each(STREAM_FIXTURES)('%s says the same when it is played back', (name) => {
  const parts = fixtureParts(name, [7, 50, 51, 52, 400]);
  const endedAt = parts.at(-1)?.at ?? 0;
  const live = receive(parts);
  const again = parseRecordings(record(parts, endedAt, 'end')).map(measureRecording);
  expect(again).toEqual([live]);
});

test('several recordings may follow each other, and a second try is one of its own', () => {
  const parts: StreamPart[] = [
    { type: 'sent', at: 10 },
    { type: 'headers', at: 12, status: 429, headers: {} },
    { type: 'end', at: 15 },
    { type: 'sent', at: 500 },
    { type: 'headers', at: 510, status: 200, headers: {} },
  ];
  const text = record(parts, 520, 'cancelled');
  const recordings = parseRecordings(text + text);
  expect(recordings).toHaveLength(4);
  expect(recordings.slice(0, 2)).toMatchObject([
    { ending: 'end', endedAtMs: 5, parts: [{}, { at: 2, status: 429 }, { type: 'end' }] },
    { ending: 'cancelled', endedAtMs: 20, parts: [{ at: 0 }, { at: 10, status: 200 }] },
  ]);
});

test('a cut at the recorded idle limit is one when it is played back', () => {
  const parts: StreamPart[] = [
    { type: 'sent', at: 0 },
    { type: 'headers', at: 1, status: 200, headers: {} },
  ];
  const measured = parseRecordings(record(parts, 300_100, 'reset')).map(measureRecording);
  expect(measured).toMatchObject([{ metrics: { outcome: 'idle-cut' } }]);
});

const header = JSON.stringify({ type: 'recording', ...HEADER });
test.each([
  ['', 'line 1: there is no recording in it'],
  ['{', 'line 1: not JSON'],
  ['[]', 'line 1: not an object'],
  ['{"type":"recording","version":2}', 'line 1: version 2, not 1'],
  ['{"type":"end","atMs":1}', 'line 1: a recording begins with a line of type recording'],
  [`${header}\n{"type":"end"}`, 'line 2: atMs is missing'],
  [`${header}\n{"type":"end","atMs":"1"}`, 'line 2: atMs is not a number'],
  [`${header}\n{"type":"x","atMs":1}`, 'line 2: unknown type: "x"'],
  [`${header}\n{"type":"chunk","atMs":1}`, 'line 2: a chunk without text or base64'],
  [`${header}\n{"type":"ending","ending":"x","atMs":1}`, 'line 2: unknown ending: "x"'],
  [`\n${header}\n`, 'line 2: the recording that begins here has no end'],
  [`${header}\n${header}`, 'line 1: the recording that begins here has no end'],
])('refuses %j', (text, message) => {
  expect(() => parseRecordings(text)).toThrow(
    expect.objectContaining({ code: 'INVALID_RECORDING', message: expect.stringContaining(message) as string }),
  );
});

test('refuses what is nested deeply as what it is', () => {
  const deep = `${'['.repeat(100_000)}1${']'.repeat(100_000)}`;
  for (const line of [deep, `{"type":${deep}}`, `{"type":"recording","version":${deep}}`]) {
    expect(() => parseRecordings(line)).toThrow(expect.objectContaining({ code: 'INVALID_RECORDING' }));
  }
});

/** Bytes as numbers: a Buffer and a Uint8Array of the same bytes are the same. */
function plain(parts: readonly StreamPart[]): readonly object[] {
  return parts.map((part) => (part.type === 'chunk' ? { ...part, bytes: Array.from(part.bytes) } : part));
}
