import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AgentEvent } from '../../src/agent-events/agent-event.ts';
import { AnswerReader } from '../../src/agent-events/answer-reader.ts';
import { contentTypeOf, readStreamFixture, STREAM_FIXTURES } from '../helpers/stream-fixtures.ts';
import { cases } from '../helpers/properties.ts';

const SSE = 'text/event-stream; charset=utf-8';
const NDJSON = 'application/x-ndjson';
const text = (value: string): AgentEvent => ({ type: 'text-delta', text: value });

const read = (contentType: string, ...parts: (string | Uint8Array)[]): AgentEvent[] => {
  const reader = new AnswerReader(contentType);
  return [...parts.flatMap((part) => reader.push(Buffer.from(part))), ...reader.end()];
};
/** Text of an answer, and what else there is of these kinds. */
const say = (events: readonly AgentEvent[]): string => {
  const words = events.map((event) => {
    if (event.type === 'text-delta') return event.text;
    if (event.type === 'error') return `<error: ${event.message}>`;
    return event.type === 'malformed' ? `<${event.problem}>` : '';
  });
  return words.join('');
};

test.each([
  ['application/json', '{"result":"word"}', 'word'],
  ['application/json', '{"output":{"message":{"content":[{"text":"word"}]}}}', 'word'],
  ['application/json', '{"choices":[{"message":{"content":"word"}}]}', 'word'],
  ['application/json', '{"a":1}', '{"a":1}'],
  ['application/json', `"{'a': 1}"`, "{'a': 1}"],
  ['application/json', 'not json', 'not json'],
  ['text/plain', '{"result":"word"}', 'word'],
  ['', '"word"', 'word'],
])('reads a whole answer of type %s: %s', (type, body, expected) => {
  expect(read(type, body).filter((event) => event.type !== 'data')).toEqual([text(expected)]);
  expect(read(type, ' \n')).toEqual([]);
});

const LINES = '{"type":"text","content":"Two "}\n{"type":"text","content":"words"}\n';
const QUOTED = ['a "}" b\\', ' {"c": [\\"'].map((content) => JSON.stringify({ type: 'text', content })).join('');
const EVENTS = 'data: {"type":"text","content":"Two "}\n\ndata: {"type":"text","content":"words"}\n\n';
const PRETTY = '{\n  "result": {\n    "content": "Two words"\n  }\n}\n';

test.each([
  ['events under text/plain', 'text/plain', EVENTS, 'Two words'],
  ['events under application/json', 'application/json', `: keep-alive\n\nid: 1\n${EVENTS}`, 'Two words'],
  ['events under application/octet-stream', 'application/octet-stream', `event: message\n${EVENTS}`, 'Two words'],
  ['events under application/x-ndjson', NDJSON, EVENTS, 'Two words'],
  ['lines under text/event-stream', SSE, LINES, '<no-sse>Two words'],
  ['lines under text/plain', 'text/plain', LINES, 'Two words'],
  ['lines under application/json', 'application/json', LINES, 'Two words'],
  ['lines without their last end', NDJSON, LINES.trimEnd(), 'Two words'],
  ['lines with CRLF and empty ones', NDJSON, `\r\n${LINES.replaceAll('\n', '\r\n\r\n')}`, 'Two words'],
  ['a JSON text sequence', 'application/json-seq', LINES.replaceAll('{', '\u001e{'), 'Two words'],
  ['values without line ends', 'application/json', LINES.replaceAll('\n', ''), 'Two words'],
  ['values without line ends under text/plain', 'text/plain', LINES.replaceAll('\n', ''), 'Two words'],
  ['values without line ends, with quotes and brackets in their texts', 'application/json', QUOTED, 'a "}" b\\ {"c": [\\"'],
  ['strings in lines', NDJSON, '"Two "\n"words"\n', 'Two words'],
  ['strings in lines under text/event-stream', SSE, '"Two "\n"words"\n', '<no-sse>Two words'],
  ['a document under text/event-stream', SSE, '{"result":"Two words"}', '<no-sse>Two words'],
  ['a document on several lines', 'application/json', PRETTY, 'Two words'],
  ['a document on several lines under text/plain', 'text/plain', PRETTY, 'Two words'],
  ['a document on several lines under text/event-stream', SSE, PRETTY, '<no-sse>Two words'],
  ['text under application/json', 'application/json', 'Two words', 'Two words'],
  ['text under text/event-stream', SSE, 'Two\n\nwords: and more', '<no-sse>Two\n\nwords: and more'],
  [
    'the same, with comments and an error of the function',
    SSE,
    ': keep-alive\nTwo\n\n:\nwords\n\nevent: error\ndata: {"error":"no"}\n\n',
    '<no-sse>Two\n\nwords\n\n<error: no>',
  ],
  [
    'the same in lines of JSON',
    SSE,
    `: keep-alive\n${LINES}:\n\n\nevent: error\ndata: {"error":"no"}\n\n`,
    '<no-sse>Two words<error: no>',
  ],
  ['text that begins like a list', 'text/plain', '[Note] Two words', '[Note] Two words'],
  ['text that begins like an object', 'text/plain', '{name} has\ntwo words', '{name} has\ntwo words'],
  ['a list before words', 'text/plain', '[1, 2] are two words', '[1, 2] are two words'],
  ['quoted text', 'text/plain', '"Two words," she said.', '"Two words," she said.'],
  ['text that begins like a field', 'text/plain', 'event: two words\nid: none', 'event: two words\nid: none'],
  ['text that begins like a comment', 'text/plain', ':smile: two words', ':smile: two words'],
  ['spaces around text', 'text/plain', '\n  Two\twords \n', '\n  Two\twords \n'],
  ['a broken line', NDJSON, '{"text":"lo\n{"text":"Two words"}\n', 'Two words'],
  ['a line that breaks off', NDJSON, '{"text":"Two words"}\n{"text":"lo', 'Two words<unfinished-event>'],
  ['a document that breaks off', 'application/json', '{"result":"Two wo', '<unfinished-event>'],
  ['a last event without its empty line', SSE, 'data: "Two "\n\ndata: "words"\n', 'Two words<unfinished-event>'],
  ['a last event without its line end', SSE, 'data: "Two "\n\ndata: "words"', 'Two words<unfinished-event>'],
  [
    'a last error without its empty line',
    SSE,
    'data: "Two "\n\nevent: error\ndata: {"error":"no"}',
    'Two <error: no><unfinished-event>',
  ],
  ['no empty lines at all', SSE, 'data: "Two "\ndata: "words"\n', 'Two words<unfinished-event>'],
  ['the same that breaks off', SSE, 'data: "Two "\ndata: "words"\ndata: "lo', 'Two words<unfinished-event>'],
  ['an end within JSON', SSE, 'data: {"text":"Two words"}\n\ndata: {"text":"lo', 'Two words<unfinished-event>'],
  ['an end within raw text', SSE, 'data: Two \n\ndata: wor', 'Two wor<unfinished-event>'],
  ['an event that is closed by CRLF', SSE, 'data: "Two words"\r\n\r\n', 'Two words'],
  ['a comment at the end', SSE, 'data: "Two words"\n\n: bye\n', 'Two words'],
  ['a bare error line', SSE, 'data: "Two "\n\n{"error":{"message":"no"}}\n', 'Two <no-sse><error: no>'],
  ['a bare error line without its end', SSE, 'data: "Two "\n\n{"error":{"message":"no"}}', 'Two <no-sse><error: no>'],
  [
    'a line of words between events',
    SSE,
    'data: "Two "\n\nTraceback (most recent call last):\n\ndata: "words"\n\n',
    'Two <no-sse>words',
  ],
  ['two such lines, of which one is told', SSE, 'data: "Two "\n\nTraceback:\nmore\n\ndata: "words"\n\n', 'Two <no-sse>words'],
  ['a document that says nothing', 'application/json', 'null', ''],
])('%s', (_name, contentType, body, expected) => {
  expect(say(read(contentType, body))).toBe(expected);
});

test('an end within a character is told, whatever the form', () => {
  const half = Buffer.from('🎈').subarray(0, 2);
  expect(say(read('text/plain', 'Two ', half))).toBe('Two \uFFFD<encoding>');
  expect(say(read(SSE, 'data: "Two "\n\ndata: "', half))).toBe('Two <unfinished-event><encoding>');
  expect(say(read(NDJSON, '{"text":"Two "}\n{"text":"', half))).toBe('Two <unfinished-event><encoding>');
});

test('a read without a character changes nothing', () => {
  const parts = ['Two\n', '', 'words\ndata: {"error":"no"}\n', '', '\n', ''];
  expect(say(read(SSE, ...parts))).toBe(say(read(SSE, parts.join(''))));
  expect(say(read(SSE, ...parts))).toBe('<no-sse>Two\nwords\n<error: no>');
});

test('one event or value past the bound is told, and the rest is read', () => {
  const long = 'x'.repeat(9_000_000);
  const parts = (body: string): string[] => [body.slice(0, 100), body.slice(100, 8_999_000), body.slice(8_999_000)];
  expect(say(read(NDJSON, ...parts(`{"text":"${long}"}\n${LINES}`)))).toBe('<event-too-long>Two words');
  const event = `data: ${long}${long}\n\n${EVENTS}`;
  expect(say(read(SSE, event.slice(0, 17_000_000), event.slice(17_000_000)))).toBe('<event-too-long>Two words');
});

const deep = (open: string, close: string, levels: number, inner = '1'): string =>
  open.repeat(levels) + inner + close.repeat(levels);

test.each([
  ['a document', 'application/json', (json: string) => json],
  ['a line', NDJSON, (json: string) => `${json}\n`],
  ['an event', SSE, (json: string) => `data: ${json}\n\n`],
  ['a last event', SSE, (json: string) => `data: ${json}`],
  ['a stray line', SSE, (json: string) => `data: "a"\n\n${json}\n`],
  ['text', 'text/plain', (json: string) => json],
])('%s that is nested 100,000 levels deep ends nothing', (_name, contentType, wrap) => {
  const nested = [deep('[', ']', 100_000), deep('{"a":', '}', 100_000), deep('{"error":', '}', 100_000)];
  const typed = [...nested, deep('{"content":[', ']}', 50_000), deep('{"message":', '}', 100_000, '"x"')];
  for (const json of typed) {
    const events = read(contentType, wrap(json));
    expect(events.length).toBeGreaterThan(0);
    expect(() => JSON.stringify(events)).not.toThrow();
  }
});

/** Plain text comes in as many pieces as there are reads. */
const joined = (events: readonly AgentEvent[]): AgentEvent[] => {
  const all: AgentEvent[] = [];
  for (const event of events) {
    const last = all.at(-1);
    if (event.type !== 'text-delta' || last?.type !== 'text-delta') all.push(event);
    else all[all.length - 1] = text(last.text + event.text);
  }
  return all;
};

const word = fc.oneof(
  fc.string({ maxLength: 8 }),
  fc.string({ unit: 'grapheme', maxLength: 5 }),
  fc.constantFrom('\n', '\r\n', '\n\n', '{', '[1]', '"', 'data: x', ': c', '🎈', '\\', 'null', '\uFEFF'),
);
const FORMS: Readonly<Record<string, (words: readonly string[]) => string>> = {
  text: (words) => words.join(''),
  lines: (words) => words.map((content) => `${JSON.stringify({ type: 'text', content })}\n`).join(''),
  values: (words) => words.map((content) => JSON.stringify({ text: content })).join(''),
  strings: (words) => words.map((one) => `${JSON.stringify(one)}\r\n`).join(''),
  document: (words) => JSON.stringify({ result: words.join('') }),
  pretty: (words) => JSON.stringify({ a: words, result: words.join('') }, undefined, 2),
  events: (words) => words.map((one) => `data: ${JSON.stringify(one)}\n\n`).join(': keep-alive\n'),
  'raw events': (words) => words.map((one) => `event: message\rdata: ${one}\r\n\r\n`).join(':\n'),
  joined: (words) => words.map((one) => `data: ${JSON.stringify(one)}\n`).join(''),
  mixed: (words) => words.map((one, index) => (index % 2 ? `data: ${one}\n\n` : `${one}\n`)).join(''),
};
const made = fc.record({
  contentType: fc.constantFrom(SSE, NDJSON, 'application/json', 'text/plain', ''),
  body: fc
    .tuple(fc.constantFrom(...Object.values(FORMS)), fc.array(word, { maxLength: 6 }), fc.nat({ max: 5 }))
    .map(([form, words, missing]) => {
      const bytes = Buffer.from(form(words));
      return bytes.subarray(0, bytes.length - missing);
    }),
});
const recorded = fc
  .constantFrom(...STREAM_FIXTURES)
  .map((name) => ({ contentType: contentTypeOf(name), body: readStreamFixture(name) }));

test('an answer reads the same however its bytes are split', () => {
  const answer = fc.oneof({ weight: 4, arbitrary: made }, { weight: 1, arbitrary: recorded });
  const cuts = fc.oneof(fc.constant('all' as const), fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 }));
  fc.assert(
    fc.property(answer, cuts, ({ contentType, body }, at) => {
      const borders = at === 'all' ? [...body.keys()] : at.map((share) => Math.floor(share * body.length));
      const sorted = [0, ...borders.sort((a, b) => a - b), body.length];
      const parts = sorted.slice(1).map((border, index) => body.subarray(sorted[index], border));
      expect(joined(read(contentType, ...parts))).toEqual(joined(read(contentType, body)));
    }),
    { numRuns: cases(10_000) },
  );
});
