import { expect, test } from 'vitest';
import { toAgentScript } from '../../src/dev/dev-agent.ts';
import type { Recording } from '../../src/stream/parse-recording.ts';
import type { StreamPart } from '../../src/stream/stream-part.ts';

const chunk = (at: number, text: string): StreamPart => ({ type: 'chunk', at, bytes: Buffer.from(text) });
const recording = (
  chunks: readonly StreamPart[],
  more: Partial<Recording> & { readonly contentType?: string; readonly status?: number } = {},
): Recording => {
  const { contentType = 'text/event-stream', status = 200, ...rest } = more;
  return {
    header: { version: 1, startedAt: '2026-11-01T12:00:00.000Z', transport: 'api' },
    parts: [{ type: 'sent', at: 0 }, { type: 'headers', at: 30, status, headers: { 'content-type': contentType } }, ...chunks],
    ending: 'end',
    endedAtMs: 500,
    ...rest,
  };
};
const played = (chunks: readonly StreamPart[], more?: Parameters<typeof recording>[1]) =>
  toAgentScript(recording(chunks, more)).frames.map(({ delayMs, bytes }) => [delayMs, String(Buffer.from(bytes))] as const);

test('keeps the bytes, the moments and the end', () => {
  const chunks = [chunk(100, 'data: "a"\n\ndata'), chunk(150, ': "b"\n\n')];
  expect(played(chunks)).toEqual([
    [100, 'data: "a"\n\ndata'],
    [50, ': "b"\n\n'],
    [350, ''],
  ]);
  expect(toAgentScript(recording(chunks))).toMatchObject({ contentType: 'text/event-stream', status: 200, ends: 'end' });
});

test.each(['reset', 'client-timeout', 'cancelled'] as const)('a stream whose end is %s breaks off', (ending) => {
  expect(toAgentScript(recording([], { ending }))).toMatchObject({ ends: 'cut' });
});

test('takes the heartbeats of the function out, wherever chunks split them', () => {
  // Older ones end with an empty line.
  const body = ': keep-alive\n\n: keep-alive\n\ndata: "a"\n\n:\n: keep-alive\n: keep-alive\ndata: "b"\r\n\r\n: keep-alive\n';
  for (let split = 0; split <= body.length; split += 1) {
    const frames = played([chunk(10, body.slice(0, split)), chunk(20, body.slice(split))]);
    expect(frames.map(([, text]) => text).join('')).toBe('data: "a"\n\ndata: "b"\r\n\r\n');
    expect(frames.map(([delayMs]) => delayMs)).toEqual([10, 10, 480]);
  }
});

test('leaves what only looks like a heartbeat', () => {
  const lines = 'data: a: keep-alive\n\n: mine\n\ndata: b\n: keep-alive\n\n';
  expect(played([chunk(1, lines)])[0]).toEqual([1, lines]);
  const text = ': keep-alive\n\n';
  expect(played([chunk(1, text)], { contentType: 'text/plain' })[0]).toEqual([1, text]);
});

test('keeps a refusal’s status, and plays a turn that had no answer as one that breaks off', () => {
  expect(toAgentScript(recording([], { status: 429 }))).toMatchObject({ status: 429 });
  const unanswered = { ...recording([]), parts: [{ type: 'sent', at: 0 } as const] };
  expect(toAgentScript({ ...unanswered, ending: 'reset' })).toEqual({
    contentType: 'text/event-stream',
    frames: [{ delayMs: 500, bytes: new Uint8Array() }],
    ends: 'cut',
  });
});
