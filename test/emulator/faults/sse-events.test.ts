import { expect, test } from 'vitest';
import { sseEvents } from '../../../src/emulator/faults/faulty-agent.ts';

async function* pieces(text: string, length: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

const read = async (body: AsyncIterable<Uint8Array>, type = 'text/event-stream; charset=utf-8') => {
  const events: string[] = [];
  for await (const event of sseEvents(body, type)) events.push(event.toString('utf8'));
  return events;
};

test.each([1, 2, 3, 1_000])('cuts at blank lines, however the bytes come (%i at once)', async (n) => {
  const events = ['data: é😀\n\n', 'event: x\r\ndata: 1\r\n\r\n', ': c\r\r', 'data: tail'];
  // A blank line of CRLF is whole with its CR; the LF goes to the next event, where it says nothing.
  const found = await read(pieces(events.join(''), n));
  expect(found.join('')).toBe(events.join(''));
  expect(found.map((event) => event.trim())).toEqual(events.map((event) => event.trim()));
});

test('takes the chunks of another media type for events', async () => {
  expect(await read(pieces('{"a":1}\n\n', 3), 'application/json')).toEqual(['{"a', '":1', '}\n\n']);
});
