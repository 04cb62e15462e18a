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

/** In one line: text as it is, the rest in brackets. */
const say = (...items: readonly unknown[]): string =>
  read(...items.map((item) => JSON.stringify(item)))
    .map((event) => {
      if (event.type === 'text-delta') return event.text;
      if (event.type === 'reasoning-delta') return `<thinks ${event.text}>`;
      if (event.type === 'error') return `<error ${event.message}>`;
      if (event.type === 'usage') return `<usage ${event.inputTokens ?? 0}/${event.outputTokens ?? 0}>`;
      return event.type === 'tool-start' || event.type === 'tool-end' ? `<${event.type} ${event.name ?? ''}>` : '';
    })
    .join('');

test.each(['role', 'author', 'sender', 'source', 'from', 'speaker', 'sender_type'])(
  'a text of the user by its %s is not the answer',
  (who) => {
    expect(say({ [who]: 'user', text: 'no' }, { [who]: 'assistant', text: 'yes' })).toBe('yes');
  },
);

test.each(['Label', 'label', 'value', 'role'])('a role may be an object with a %s', (name) => {
  expect(say({ role: { [name]: 'user' }, text: 'no' }, { role: { [name]: 'assistant' }, text: 'yes' })).toBe('yes');
});

test('a tool is known by its role, not by the name of who speaks', () => {
  expect(say({ role: 'tool', text: 'no' })).toBe('');
  expect(say({ author: 'search tool', text: 'yes' })).toBe('yes');
});

test.each(['usage', 'usage_metadata', 'models_usage', 'token_usage', 'total_usage', 'metrics'])('tokens stand in %s', (name) => {
  expect(say({ [name]: { input_tokens: 3, output_tokens: 5 } })).toBe('<usage 3/5>');
  expect(say({ metadata: { [name]: { prompt_tokens: 3 } } })).toBe('<usage 3/0>');
  expect(say({ [name]: [{ promptTokenCount: 3, candidatesTokenCount: 5 }] })).toBe('<usage 3/5>');
});

test.each([[{ toolResult: { toolUseId: 't', content: [] } }], [{ type: 'tool_result', tool_use_id: 't', content: 'no' }]])(
  "a result in the user's name ends its tool: %j",
  (block) => {
    const start = { contentBlockStart: { start: { toolUse: { toolUseId: 't', name: 's' } } } };
    expect(say(start, { role: 'user', content: [block] })).toBe('<tool-start s><tool-end s>');
  },
);

test.each(['message', 'msg', 'body', 'detail', 'title', 'reason'])('a status beside a %s is a failure', (name) => {
  expect(say({ status: 500, [name]: 'no' })).toBe('<error no>');
  expect(say({ status: 200, [name]: 'yes' })).not.toContain('error');
});

test.each([
  [{ has_error: true, message: 'no' }, '<error no>'],
  [{ has_error: false, message: 'yes' }, 'yes'],
  [{ error: { code: 1 }, message: 'no' }, '<error no>'],
  [{ error: [{ message: 'no' }, { message: 'other' }] }, '<error no>'],
  [{ role: 'human', error: 'no' }, ''],
  [{ role: 'function', error: 'no' }, ''],
  [{ statusCode: 200, body: { text: 'yes' } }, 'yes'],
  [{ content: { parts: ['yes'] } }, 'yes'],
])('%j says %j', (value, said) => {
  expect(say(value)).toBe(said);
});

test('a failure without words is told by its name', () => {
  expect(read(message('', 'run_failed'))).toEqual([{ type: 'error', message: 'run_failed' }]);
  expect(read(message('', 'error'))).toEqual([{ type: 'error', message: 'the agent reported an error' }]);
});

test.each(['debug', 'tasks', 'checkpoints', 'events'])('the mode %s of LangGraph tells of the graph', (mode) => {
  expect(say([mode, { text: 'no' }], [['agent:1'], mode, { text: 'no' }], ['custom', { text: 'yes' }])).toBe('yes');
});

test.each([
  ['custom', 'haha'],
  ['messages', 'haha'],
  ['values', 'ha'],
  ['updates', 'ha'],
])('a text that comes twice in the mode %s is %j', (mode, said) => {
  expect(say([mode, { text: 'ha' }], [mode, { text: 'ha' }])).toBe(said);
});

test('reasoning beside the text comes in pieces as well', () => {
  expect(say({ delta: { reasoning_content: 'H' } }, { delta: { reasoning_content: 'm.' } }, { delta: { content: 'yes' } })).toBe(
    '<thinks H><thinks m.>yes',
  );
});

test.each(['content_delta', 'text_delta', 'delta'])('what stands in %s is a piece, though it was said before', (name) => {
  expect(say({ text: 'ha' }, { [name]: 'ha' })).toBe('haha');
});

test.each(['reasoning_content', 'reasoning_text', 'reasoning', 'thinking', 'thought'])('reasoning stands in %s', (name) => {
  expect(say({ [name]: 'Hm.', text: 'yes' })).toMatch(/^(?:<thinks Hm\.>yes|yes<thinks Hm\.>)$/);
});

test.each([
  ['status', 'success'],
  ['success', true],
  ['code', 0],
  ['status_code', 200],
  ['ok', true],
])('beside %s, a message is a remark', (name, value) => {
  expect(say({ [name]: value, message: 'no', data: 'yes' })).toBe('yes');
});

test.each(['unified', 'type', 'reason'])('the reason of an end may be an object with %s', (name) => {
  expect(read(JSON.stringify({ finish_reason: { [name]: 'length' } }))).toEqual([{ type: 'finish', reason: 'length' }]);
});

const whole = (content: string, id?: string) => ({ type: 'AIMessage', content, ...(id !== undefined && { id }) });

test.each<[string, readonly unknown[], string]>([
  ['two messages of the same pieces', [{ text: 'a ' }, { text: 'b' }, whole('a b', '1'), whole('a b', '2')], 'a ba b'],
  ['a message that goes on, spaced otherwise', [whole('a b'), whole('a  b c')], 'a b c'],
  ['a message that goes on behind its blank', [whole('a \n'), whole('a\nb')], 'a \nb'],
  ['a message that goes on behind a line end', [whole('a'), whole('a\nb')], 'a\nb'],
  ['all messages in one', [whole('a', '1'), whole('b', '2'), whole('a b')], 'ab'],
])('%s', (_name, items, said) => {
  expect(say(...items)).toBe(said);
});
