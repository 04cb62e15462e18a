import { expect, test } from 'vitest';
import type { AgentEvent } from '../../src/agent-events/agent-event.ts';
import { AgentEventReader } from '../../src/agent-events/agent-event-reader.ts';
import { AnswerReader } from '../../src/agent-events/answer-reader.ts';
import { JsonSplitter } from '../../src/agent-events/json-splitter.ts';
import { SseDecoder } from '../../src/agent-events/sse.ts';
import { itemsOf } from '../helpers/stream-shape.ts';

const say = (events: readonly AgentEvent[]): string => {
  const words = events.map((event) => {
    if (event.type === 'text-delta') return event.text;
    if (event.type === 'error') return `<error: ${event.message}${event.code === undefined ? '' : ` (${event.code})`}>`;
    if (event.type === 'finish') return '<finish>';
    if (event.type === 'tool-start') return `<${event.name}>`;
    return event.type === 'malformed' ? `<${event.problem}>` : '';
  });
  return words.join('');
};
const read = (...values: readonly unknown[]): string => {
  const reader = new AgentEventReader();
  return say([...itemsOf(values).flatMap((item) => reader.read(item)), ...reader.end()]);
};
const readText = (...parts: readonly string[]): string => {
  const reader = new AnswerReader('text/plain');
  return say([...parts.flatMap((part) => reader.push(Buffer.from(part))), ...reader.end()]);
};

const nested = (levels: number, inner: unknown, wrap: (value: unknown) => unknown): unknown =>
  levels === 0 ? inner : wrap(nested(levels - 1, inner, wrap));
const listOf = <T>(length: number, make: (index: number) => T): T[] => Array.from({ length }, (_, index) => make(index));
/** So many members that say nothing. */
const quiet = (count: number): object => Object.fromEntries(listOf(count, (index) => [`a${index}`, index]));

const TEXT = { text: 'x' };
const NODE = { agent: { messages: [{ type: 'ai', content: 'x' }] } };

const inData = (data: unknown) => ({ data });
const inText = (data: unknown) => ({ data: JSON.stringify(data) });
const LIST = [TEXT, { error: 'no' }];

test.each<[string, number, (count: number) => unknown, string, string]>([
  ['objects around a text', 12, (count) => nested(count, TEXT, inData), 'x', ''],
  ['lists around a text', 11, (count) => ({ content: nested(count, TEXT, (item) => [item]) }), 'x', ''],
  ['texts with an event around a text', 5, (count) => nested(count, TEXT, inText), 'x', '{"text":"x"}'],
  ['texts with an event around a list of events', 4, (count) => nested(count, LIST, inText), 'x<error: no>', 'x'],
  ['texts with an event around a pair', 4, (count) => nested(count, ['error', 'no'], inText), '<error: no>', 'errorno'],
  [
    'lists with a text with an event around a text',
    2,
    (count) => nested(count, TEXT, (event) => [inText(event)]),
    'x',
    '{"text":"x"}',
  ],
  [
    'objects around the name of a tool',
    3,
    (count) => ({ type: 'tool_call', ...Object(nested(count, { name: 's' }, (payload) => ({ payload }))) }),
    '<s>',
    '',
  ],
  ['objects around an error', 4, (count) => nested(count, { error: 'no' }, inData), '<error: no>', ''],
  [
    'objects around the code of an error',
    4,
    (count) => ({ error: 'no', ...Object(nested(count, { code: 7 }, inData)) }),
    '<error: no (7)>',
    '<error: no>',
  ],
  [
    'objects around JSON in an error',
    2,
    (count) => ({ error: nested(count, '{"message":"no"}', (detail) => ({ detail })) }),
    '<error: no>',
    '<error: {"message":"no"}>',
  ],
  [
    'objects around the words of an error',
    7,
    (count) => nested(count, { error: { message: 'no' } }, (error) => ({ error })),
    '<error: no>',
    `<error: ${JSON.stringify(nested(9, { message: 'no' }, (error) => ({ error })))}>`,
  ],
  ['objects around an end', 1, (count) => nested(count, { type: 'message_stop' }, inData), '<finish>', ''],
  ['members before a text', 199, (count) => ({ ...quiet(count), ...TEXT }), 'x', ''],
  ['members before a text whose name an agent has made up', 19, (count) => ({ ...quiet(count), my_answer: 'x' }), 'x', ''],
  ['members before a node of LangGraph', 199, (count) => ({ ...quiet(count), ...NODE }), 'x', ''],
  ['items behind a text', 9_999, (count) => ({ content: ['x', ...listOf(count, () => 1)] }), 'x', ''],
  ['as the highest status of an error', 599, (status) => ({ status, title: 'no' }), '<error: no (599)>', ''],
  ['as the highest status of no error', 399, (status) => ({ status, title: 'no' }), '', '<error: no (400)>'],
])('%s: %i, and no more', (_name, most, make, within, beyond) => {
  expect([read(make(most)), read(make(most + 1))]).toEqual([within, beyond]);
});

test('a label has 100 characters', () => {
  const labelled = (length: number) => ({ type: '_error'.padStart(length, 'x'), message: 'no' });
  expect(read(labelled(100))).toMatch('<error: no');
  expect(read(labelled(101))).toBe('no');
});

test('10,000 calls of tools are told apart', () => {
  const reader = new AgentEventReader();
  const calls = itemsOf(
    listOf(10_001, (index) => ({ contentBlockStart: { start: { toolUse: { toolUseId: `${index}`, name: 's' } } } })),
  );
  expect(calls.flatMap((item) => reader.read(item)).filter(({ type }) => type === 'tool-start')).toHaveLength(10_000);
});

test('an error is shown up to 2,000 characters, and less than 1,000 levels deep', () => {
  for (const error of [{ error: 'x'.repeat(5_000) }, { error: { a: 'x'.repeat(5_000) } }, `3:{"a":"${'x'.repeat(5_000)}"}`])
    expect(read(error)).toHaveLength('<error: >'.length + 2_000);
  const levels = (count: number) => read({ error: nested(count, 1, (item) => [item]) });
  expect(levels(998)).toContain('{"error":[[[');
  expect(levels(999)).toBe('<error: JSON that is nested too deeply to be shown>');
});

test('two million characters are compared with what follows: behind more, no whole is known', () => {
  const messageBehind = (length: number) =>
    read({ text: 'x'.repeat(length) }, { type: 'AIMessage', content: 'new' }).slice(length);
  expect([messageBehind(2_000_000), messageBehind(2_000_001)]).toEqual(['new', '']);
  const repeated = (length: number) => {
    const text = 'x'.repeat(length);
    return read({ text }, { text, done: true }).replace('<finish>', '').length;
  };
  expect([repeated(2_000_000), repeated(2_000_001)]).toEqual([2_000_000, 4_000_002]);
});

test('a message is compared with 200 before it', () => {
  const repeatedBehind = (count: number) =>
    read(...['first', ...listOf(count, (index) => `(${index})`), 'first'].map((content) => ({ type: 'AIMessage', content })));
  expect(repeatedBehind(199)).toMatch(/^first.*\(198\)$/);
  expect(repeatedBehind(200)).toMatch(/^first.*\(199\)first$/);
});

test('an object in a text is held back for an event that is understood, up to 65,536 characters', () => {
  const ofLength = (length: number) => read(`{"a":"${'x'.repeat(length - 8)}"}`, TEXT).length;
  expect([ofLength(65_535), ofLength(65_536)]).toEqual([1, 65_537]);
});

test('more than four characters, and than one of ten, make a text binary; its first thousand are looked at', () => {
  const bad = (count: number, length: number) => readText('\u0001'.repeat(count) + 'a'.repeat(length - count));
  expect([bad(4, 5), bad(5, 50)].map((text) => text.length)).toEqual([5, 50]);
  expect([bad(5, 6), bad(5, 49)]).toEqual(['<encoding>', '<encoding>']);
  const behind = (length: number) => readText('a'.repeat(length), '\u0001'.repeat(200));
  expect([behind(999).slice(999), behind(1_000).length]).toEqual(['<encoding>', 1_200]);
});

test('a first line of up to 1,048,576 characters may be JSON and still turn out to be text', () => {
  const ofLength = (length: number) => readText(`{"text":"x","a":"`.padEnd(length, 'x'), '\nand more').slice(0, 5);
  expect([ofLength(1_048_576), ofLength(1_048_577)]).toEqual(['{"tex', 'and m']);
});

test('what is longer than a bound is told, and what has just its length is read', () => {
  const value = (length: number) => new JsonSplitter(10).push(`"${'a'.repeat(length - 2)}"`).map(({ type }) => type);
  expect([value(10), value(11)]).toEqual([['value'], ['too-long']]);
  const event = (length: number) => {
    const decoder = new SseDecoder(90);
    return [...decoder.push('data: '.padEnd(length, 'x')), ...decoder.push('\n\n')].map(({ type }) => type);
  };
  expect([event(90), event(91)]).toEqual([['event'], ['too-long']]);
});

test('the detail of a problem quotes 60 characters', () => {
  const quoted = (length: number) => {
    const events = new AnswerReader('text/event-stream').push(Buffer.from(`${'a'.repeat(length)}\n`));
    return events.flatMap((event) => (event.type === 'malformed' ? [event.detail.split(': ')[1]] : []));
  };
  expect([quoted(60), quoted(61)]).toEqual([['a'.repeat(60)], [`${'a'.repeat(60)}...`]]);
});
