import { expect, test } from 'vitest';
import { AgentEventReader } from '../../src/agent-events/agent-event-reader.ts';
import type { AgentEvent } from '../../src/agent-events/agent-event.ts';
import type { SseItem } from '../../src/agent-events/sse.ts';

const message = (data: string, event = 'message'): SseItem => ({ type: 'event', event, data });
const read = (...items: (SseItem | string)[]): AgentEvent[] => {
  const reader = new AgentEventReader();
  return [...items.flatMap((item) => reader.read(typeof item === 'string' ? message(item) : item)), ...reader.end()];
};
const text = (value: string): AgentEvent => ({ type: 'text-delta', text: value });
const data = (value: string, event = 'message'): AgentEvent => ({ type: 'data', event, data: value });

test.each([
  ['a JSON string (Python SDK)', '"a \\"word\\"\\n"', 'a "word"\n'],
  ['a raw line (TypeScript SDK)', ' a word ', ' a word '],
  ['a number as it was written', '5.0', '5.0'],
  ['what only begins like JSON', '[link](x) {', '[link](x) {'],
  ['an object with text', '{"text":"word"}', 'word'],
  ['JSON with white space before it', '  {"text":"word"}', 'word'],
])('reads text from %s', (_name, raw, expected) => {
  expect(read(raw)).toEqual([text(expected)]);
});

test('in a raw stream, JSON values are tokens of the text', () => {
  const tokens = ['x = ', '[1]', ' or ', '{}', ', ', '"y"', ' or ', 'null'];
  expect(read(...tokens)).toEqual(tokens.map(text));
  expect(read('"x"', '[1]', 'null')).toEqual([text('x'), data('[1]'), data('null')]);
  expect(read('"x"', 'y', '[1]')).toEqual([text('x'), text('y'), data('[1]')]);
});

test.each([
  ['raw event first', ['event', 'data']],
  ['digest first', ['data', 'event']],
  ['only raw events', ['event', 'event']],
  ['only digests', ['data', 'data']],
])('does not read the same Strands text twice: %s', (_name, ways) => {
  const send = (way: string, word: string): string =>
    way === 'event'
      ? `{"event":{"contentBlockDelta":{"delta":{"text":"${word}"}}}}`
      : `{"data":"${word}","delta":{"text":"${word}"}}`;
  const isPair = ways[0] !== ways[1];
  const items = ['a', 'b'].flatMap((word) => (isPair ? ways : ways.slice(1)).map((way) => send(way, word)));
  expect(read(...items).filter(({ type }) => type === 'text-delta')).toEqual([text('a'), text('b')]);
});

test('reads a whole Strands message when nothing of it was streamed', () => {
  const whole = '{"message":{"role":"assistant","content":[{"text":"all"}]}}';
  expect(read(whole)).toEqual([text('all')]);
  const streamed = '{"data":"all","delta":{"text":"all"}}';
  expect(read(streamed, whole)).toEqual([text('all'), data(whole)]);
});

test('finds the text in an event that Python has printed, when it comes no other way', () => {
  const printed = `{'data': "it's \\n\\t\\r\\a\\b\\f\\v\\x41\\u20ac\\U0001f388\\\\", 'delta': {}, 'agent': <Agent>}`;
  expect(read(JSON.stringify(printed))).toEqual([text("it's \n\t\r\x07\b\f\vA€🎈\\")]);
  const other = JSON.stringify("{'init_event_loop': True, 'agent': <Agent>}");
  expect(read(other)).toEqual([data(other)]);
  const unknown = JSON.stringify("{'a': 1}");
  expect(read(unknown)).toEqual([data(unknown), text("{'a': 1}")]);
});

test('a tool runs until its result or the next message, not just until its arguments end', () => {
  const start = '{"contentBlockStart":{"start":{"toolUse":{"toolUseId":"t","name":"search"}}}}';
  const stop = '{"contentBlockStop":{"contentBlockIndex":1}}';
  const next = '{"messageStart":{"role":"assistant"}}';
  expect(read(start, stop, next)).toEqual([
    { type: 'tool-start', name: 'search', id: 't' },
    data(stop),
    { type: 'tool-end', name: 'search', id: 't' },
  ]);
});

test.each([
  ['a comment without words', { type: 'comment', text: ' ' } as const, []],
  ['a comment with words', { type: 'comment', text: 'keep-alive' } as const, [{ type: 'heartbeat' }]],
  ['an event with nothing new', message('{"text":""}', 'x'), [data('{"text":""}', 'x')]],
  ['the end mark', message('[DONE]'), [{ type: 'finish' }]],
  ['an end mark in a string', message('"[DONE]"'), [{ type: 'finish' }]],
  [
    'tokens beside an error',
    message('{"error":"no","usage":{"input_tokens":3}}'),
    [
      { type: 'usage', inputTokens: 3 },
      { type: 'error', message: 'no' },
    ],
  ],
  ['an error beside a message', message('{"error":"no","text":"a"}'), [{ type: 'error', message: 'no' }]],
])('says of %s', (_name, item, events) => {
  expect(read(item)).toEqual(events);
});

test('an event that repeats all of the text so far is data, as it came', () => {
  const grown = ['{"delta":"a "}', '{"delta":"a b "}', '{"delta":"a b c "}', '{"delta":"a b c "}'];
  expect(read(...grown)).toEqual([text('a '), data(grown[1] ?? ''), text('b c '), data(grown[3] ?? '')]);
});

test('keeps what it does not know', () => {
  expect(read(message('x', 'ping'))).toEqual([data('x', 'ping')]);
  expect(read('{"percent":5}')).toEqual([data('{"percent":5}')]);
  expect(read('{"type":"tool_result","content":"x"}')).toHaveLength(1);
  expect(read({ type: 'comment', text: 'keep-alive' })).toEqual([{ type: 'heartbeat' }]);
});

test.each([
  ['{"error":"no","code":"THROTTLED"}', 'error', { message: 'no', code: 'THROTTLED' }],
  ['{"error":"no","error_type":"ValueError","message":"x"}', 'message', { message: 'no', code: 'ValueError' }],
  ['{"error":{"message":"no","type":"server_error"}}', 'message', { message: 'no', code: 'server_error' }],
  ['just words', 'error', { message: 'just words' }],
  ['"quoted"', 'error', { message: 'quoted' }],
])('reads the error %s', (raw, event, error) => {
  expect(read(message(raw, event))).toEqual([{ type: 'error', ...error }]);
});

const chunk = (choice: string): string => `{"object":"chat.completion.chunk","choices":[{"index":0,${choice}}]}`;
const strands = (event: string): string => `{"event":${event}}`;

test.each([
  ['text alone announces nothing', ['"text"'], false],
  ['AG-UI', ['{"type":"RUN_STARTED"}'], true],
  ['AG-UI, ended', ['{"type":"RUN_STARTED"}', '{"type":"RUN_FINISHED"}'], false],
  ['Strands TypeScript', ['{"type":"beforeInvocationEvent"}'], true],
  ['a chunk', [chunk('"delta":{"role":"assistant"}')], true],
  [
    'chunks that stop for a tool',
    [chunk('"delta":{"role":"assistant"}'), chunk('"delta":{},"finish_reason":"tool_calls"')],
    true,
  ],
  ['chunks, ended', [chunk('"delta":{"role":"assistant"}'), '[DONE]'], false],
  [
    'Strands Python that stops for a tool',
    [strands('{"messageStart":{"role":"assistant"}}'), strands('{"messageStop":{"stopReason":"tool_use"}}')],
    true,
  ],
  [
    'Strands Python, ended',
    [strands('{"messageStart":{"role":"assistant"}}'), strands('{"messageStop":{"stopReason":"end_turn"}}')],
    false,
  ],
])('knows whether an announced run was ended: %s', (_name, items, awaits) => {
  const reader = new AgentEventReader();
  for (const item of items) reader.read(message(item));
  expect(reader.awaitsFinish).toBe(awaits);
});

test('the result of Strands is the end mark where the raw events are not sent', () => {
  const result = '{"result":{"stop_reason":"end_turn","message":{"role":"assistant","content":[]}}}';
  expect(read(result)).toEqual([{ type: 'finish', reason: 'stop' }]);
  const stop = strands('{"messageStop":{"stopReason":"end_turn"}}');
  expect(read(stop, result)).toEqual([{ type: 'finish', reason: 'stop' }, data(result)]);
});
