import { readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import type { AgentEvent } from '../../src/agent-events/agent-event.ts';
import type { StreamMetrics } from '../../src/stream/metrics-schema.ts';
import { Receiver } from '../../src/stream/receiver.ts';
import type { StreamPart } from '../../src/stream/stream-part.ts';

const FOLDER = new URL('../fixtures/streams/', import.meta.url);
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.sse': 'text/event-stream',
  '.json': 'application/json',
  '.ndjson': 'application/x-ndjson',
  '.txt': 'text/plain; charset=utf-8',
};

export const STREAM_FIXTURES = readdirSync(FOLDER).filter((name) => extname(name) in CONTENT_TYPES);

export const readStreamFixture = (name: string): Buffer => readFileSync(new URL(name, FOLDER));

export const contentTypeOf = (name: string): string => CONTENT_TYPES[extname(name)] ?? '';

/** Parts of a turn whose body is this fixture, cut at these bytes; a read each millisecond. */
export function fixtureParts(name: string, cuts: readonly number[] = []): StreamPart[] {
  const body = readStreamFixture(name);
  const borders = [0, ...cuts.filter((cut) => cut > 0 && cut < body.length), body.length];
  const headers = { 'content-type': contentTypeOf(name) };
  const chunks = borders
    .slice(1)
    .map((border, index) => ({ type: 'chunk' as const, at: 2 + index, bytes: body.subarray(borders[index], border) }));
  return [
    { type: 'sent', at: 0 },
    { type: 'headers', at: 1, status: 200, headers },
    ...chunks,
    { type: 'end', at: 2 + chunks.length },
  ];
}

export function receive(parts: readonly StreamPart[]): {
  readonly events: readonly AgentEvent[];
  readonly metrics: StreamMetrics;
} {
  const receiver = new Receiver();
  const events = parts.flatMap((part) => receiver.push(part));
  return { events, metrics: receiver.finish(parts.at(-1)?.at ?? 0, 'end') };
}
