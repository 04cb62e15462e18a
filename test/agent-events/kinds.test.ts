import { expect, test } from 'vitest';
import { AgentEventReader } from '../../src/agent-events/agent-event-reader.ts';
import type { AgentEvent } from '../../src/agent-events/agent-event.ts';
import { itemsOf, named, raw } from '../helpers/stream-shape.ts';

const read = (...values: readonly unknown[]): AgentEvent[] => {
  const reader = new AgentEventReader();
  return [...itemsOf(values).flatMap((item) => reader.read(item)), ...reader.end()];
};
const textOf = (...values: readonly unknown[]): string =>
  read(...values)
    .map((event) => (event.type === 'text-delta' ? event.text : ''))
    .join('');
const errorsOf = (...values: readonly unknown[]): AgentEvent[] => read(...values).filter(({ type }) => type === 'error');
const WORDS = ['Two ', 'words'];

test.each(
  'completion generated_text reply outputText TEXT final_answer value answer_chunk response_text text_chunk llmOutput piece fragment'.split(
    ' ',
  ),
)('text stands in a member called %s', (member) => {
  expect(textOf(...WORDS.map((word) => ({ [member]: word })))).toBe('Two words');
});

test.each('token delta chunk answer foo TOKEN agent_message on_llm_new_token content_block_delta'.split(' '))(
  'text stands in an event called %s',
  (event) => {
    expect(textOf(...WORDS.map((text) => named(event, { text })))).toBe('Two words');
    expect(textOf(...WORDS.map((text) => named(event, text)))).toBe('Two words');
    expect(textOf(...WORDS.map((text) => named(event, JSON.stringify(text))))).toBe('Two words');
  },
);

test.each(
  'ping heartbeat status metadata start session connected thinking tool_call sources conversation_id title debug'.split(' '),
)('an event called %s is no text of the answer', (event) => {
  expect(textOf(named(event, 'abc123'), named(event, { text: 'no', message: 'no' }), { text: 'Two words' })).toBe('Two words');
});

test.each([
  [
    'the question, by its role',
    [
      { role: 'user', content: 'what?' },
      { role: 'assistant', content: 'Two words' },
    ],
  ],
  [
    'the question, by its sender',
    [
      { sender: 'User', text: 'what?' },
      { sender: 'bot', text: 'Two words' },
    ],
  ],
  ['the question beside the answer', [{ question: 'what?', answer: 'Two words' }]],
  ['progress', [{ status: 'thinking', message: 'Looking' }, { status: 'streaming', content: 'Two words' }, { status: 'done' }]],
  [
    'a remark at the end',
    [
      { type: 'token', content: 'Two words' },
      { type: 'done', message: 'Stream complete' },
    ],
  ],
  ['a word at the end', [named('token', 'Two words'), named('done', 'ok')]],
  ['the end mark', ['Two words', '[DONE]']],
  ['the end mark as raw text', [raw('Two words'), raw('[done]')]],
])('%s is no part of the answer', (_name, values) => {
  expect(textOf(...values)).toBe('Two words');
});

test.each([
  ['the whole, of the same kind', [...WORDS.map((content) => ({ content })), { content: 'Two words' }]],
  ['the whole behind strings', [...WORDS, { result: 'Two words' }]],
  ['the whole behind raw text', [...WORDS.map(raw), { result: 'Two words' }]],
  ['the whole, trimmed', ['Two ', 'words', { type: 'final', content: ' Two words\n' }]],
  ['the whole with a flag', [...WORDS.map((text) => ({ text, done: false })), { text: 'Two words', done: true }]],
  [
    'the last piece with a flag',
    [
      { text: 'Two ', done: false },
      { text: 'words', done: true },
    ],
  ],
  ['strings that grow', ['Two', 'Two words']],
  ['raw text that grows', ['T', 'Two', 'Two words', 'Two words'].map(raw)],
  [
    'objects that grow, then the whole',
    [
      { type: 'partial', content: 'Two' },
      { type: 'partial', content: 'Two w' },
      { type: 'final', content: 'Two words' },
    ],
  ],
])('%s comes once', (_name, values) => {
  expect(textOf(...values)).toBe('Two words');
});

test.each([
  ['pieces of objects', ['no ', 'no ', 'no'].map((content) => ({ content })), 'no no no'],
  ['objects', ['ha', 'ha'].map((token) => ({ token })), 'haha'],
  ['strings', ['ha', 'ha', 'ha'], 'hahaha'],
  ['raw text', ['ha', 'ha'].map(raw), 'haha'],
  ['messages with an id each', ['a', 'b'].map((id) => ({ type: 'AIMessage', content: 'ha', id })), 'haha'],
  [
    'a member that held it as well',
    [
      { n: 'ha', text: 'ha' },
      { n: 'ho', text: 'ha' },
    ],
    'haha',
  ],
])('a word that the model repeats stays: %s', (_name, values, expected) => {
  expect(textOf(...values)).toBe(expected);
});

test.each([
  ['JSON and a line end', WORDS.map((text) => `${JSON.stringify({ text })}\n`)],
  ['lines of JSON', [WORDS.map((text) => JSON.stringify({ text })).join('\n')]],
  ['a line of an event stream', WORDS.map((text) => `data: ${JSON.stringify({ text })}`)],
  ['text in an event stream', WORDS.map((text) => `data: ${text}\n\n`)],
  ['an event stream within the event stream', WORDS.map((text) => raw(`data: ${JSON.stringify({ text })}`))],
  ['an event stream cut between its lines', ['event: chunk\n', 'data: {"text":"Two words"}\n\n']],
  ['JSON twice', WORDS.map((text) => JSON.stringify(JSON.stringify({ text })))],
  ['strings twice', WORDS.map((text) => JSON.stringify(text))],
  ['an event in a member', WORDS.map((content) => ({ event: 'message', data: JSON.stringify({ content }) }))],
])('%s within a string is unwrapped', (_name, values) => {
  expect(textOf(...values)).toBe('Two words');
});

test.each([
  '{"city":"Paris","n":1}',
  '{"error": null}',
  'data: the facts',
  'event: tonight',
  '(see above)',
  'print(x=1)',
  'x = [1, 2]',
])('a text that only looks wrapped or printed stays: %s', (text) => {
  expect(textOf(text)).toBe(text);
  expect(textOf({ type: 'text', content: text })).toBe(text);
});

test.each([
  ["{'text': 'Two words', 'x': None}", 'Two words'],
  ["('messages', (AIMessageChunk(content='Two words', id='x'), {'a': 1}))", 'Two words'],
  [
    "ChatCompletionChunk(id='x', choices=[Choice(delta=ChoiceDelta(content='Two words'), index=0)], object='chat.completion.chunk')",
    'Two words',
  ],
  ["PartDeltaEvent(index=0, delta=TextPartDelta(content_delta='Two words'))", 'Two words'],
  ["content=Content(parts=[Part(text='Two words')], role='model') partial=None author='a' invocation_id='e'", 'Two words'],
  ["CrewOutput(raw='Two words', pydantic=None, tasks_output=[])", 'Two words'],
  ["Event(Message(text='Two words'))", 'Two words'],
  ["b'Two words'", 'Two words'],
  ["HumanMessage(content='what?')", ''],
  ['SomeEvent(step=3, x=None)', ''],
  ['<generator object f at 0x7f>', ''],
])('of what Python prints only the text is read: %s', (printed, expected) => {
  expect(textOf(printed)).toBe(expected);
  expect(textOf(raw(printed))).toBe(expected);
});

const FAILURES: readonly unknown[] = [
  ...'error exception ERROR run_error on_chain_error RunError stream-error run.failed internalServerException task_failed'
    .split(' ')
    .flatMap((name) => [
      named(name, { message: 'boom' }), named(name, 'boom'), { type: name, message: 'boom' }, { event: name, data: 'boom' },
      { kind: name, content: 'boom' }, { type: name, error: { message: 'boom' } },
    ]),
  { error: 'boom' }, { Error: 'boom' }, { error: true, message: 'boom' }, { errors: [{ message: 'boom' }] }, { errorMessage: 'boom', errorType: 'X' },
  { errorText: 'boom' }, { errorCode: 'X', errorMessage: 'boom' }, { is_error: true, result: 'boom' }, { status: 'error', message: 'boom' },
  { status: 'FAILED', reason: 'boom' }, { success: false, message: 'boom' }, { ok: false, error: 'boom' }, { statusCode: 500, body: 'boom' },
  { statusCode: 500, body: '{"error":"boom"}' }, { code: 503, message: 'boom' }, { detail: 'boom' }, { detail: [{ loc: ['body'], msg: 'boom', type: 'missing' }] },
  { type: 'about:blank', title: 'boom', status: 500 }, { data: { error: 'boom' } }, { event: { type: 'error', error: { message: 'boom' } } },
  { response: { status: 'failed', error: { message: 'boom' } } }, JSON.stringify({ error: 'boom' }), 'event: error\ndata: boom\n\n', "{'error': 'boom'}", "ValueError('boom')",
]; // prettier-ignore

test.each(FAILURES.map((failure) => [JSON.stringify(failure), failure]))('%s is a failure', (_name, failure) => {
  expect(errorsOf(failure)).toEqual([expect.objectContaining({ message: 'boom' })]);
  expect(textOf(failure)).toBe('');
});

test.each([
  ['X', { errorCode: 'X', errorType: 'Y', errorMessage: 'boom' }],
  ['X', { error: { code: 'X', message: 'boom' }, code: 'outer' }],
  ['X', { errors: [{ type: 'X', message: 'boom' }] }],
  ['7', { code: 7, status: 500, message: 'boom' }],
  ['throttlingException', { type: 'throttlingException', message: 'boom' }],
  ['ValueError', { error: 'ValueError', message: 'boom' }],
  [undefined, { type: 'error', message: 'boom' }],
  [undefined, { error: { code: 0, type: '', name: 'Error', message: 'boom' } }],
])('the code of a failure is %s: %j', (code, failure) => {
  expect(errorsOf(failure)).toEqual([{ type: 'error', message: 'boom', ...(code && { code }) }]);
});

test('the name of an event stands in a string before its data', () => {
  expect(errorsOf('event: error\n', 'data: boom\n\n')).toEqual([{ type: 'error', message: 'boom' }]);
});

test.each(
  [
    { error: null },
    { error: '' },
    { error: {} },
    { error: 'none' },
    { errors: [] },
    { is_error: false },
    { success: true },
    { status: 'ok' },
    { code: 200 },
    { errorCode: 0 },
    { error_count: 0 },
    { topic: 'error' },
    { type: 'error_report' },
    { event: 'message', type: 'error_analysis' },
  ].map((members) => [JSON.stringify(members), members]),
)('%s beside a text is no failure', (_name, members) => {
  expect(textOf({ ...(members as object), text: 'Two words' })).toBe('Two words');
  expect(errorsOf({ ...(members as object), text: 'Two words' })).toEqual([]);
});

test.each(['There was an error in your code', 'Error: something', 'raise ValueError("x")', '{"error": "x"} is what you get'])(
  'an agent that talks about errors has not failed: %s',
  (text) => {
    for (const value of [text, raw(text), { message: text }, { type: 'text', content: text }]) {
      expect(read(value)).toEqual([{ type: 'text-delta', text }]);
    }
  },
);

test.each([
  { type: 'tool-output-error', toolCallId: 'c', errorText: 'x' },
  { type: 'tool_result', is_error: true, content: 'x' },
  { event: 'on_tool_error', data: { error: 'x' } },
  { role: 'tool', content: 'x', error: 'y' },
  { type: 'user', message: { role: 'user', content: [{ type: 'tool_result', is_error: true, content: 'x' }] } },
])('the agent goes on after the failure of a tool: %j', (failure) => {
  expect(read(failure, { text: 'Two words' }).filter(({ type }) => type !== 'data')).toEqual([
    { type: 'text-delta', text: 'Two words' },
  ]);
});

test.each([
  ['length', { type: 'message_delta', delta: { stop_reason: 'max_tokens' } }],
  ['length', { object: 'chat.completion.chunk', choices: [{ delta: {}, finish_reason: 'length' }] }],
  ['length', { messageStop: { stopReason: 'max_tokens' } }],
  ['length', { candidates: [{ finishReason: 'MAX_TOKENS' }] }],
  ['length', { author: 'a', invocationId: 'e', errorCode: 'MAX_TOKENS' }],
  [
    'length',
    { type: 'response.incomplete', response: { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } } },
  ],
  ['length', { type: 'agentResultEvent', result: { stopReason: 'maxTokens' } }],
  ['length', { message: { role: 'assistant', content: '' }, done: true, done_reason: 'length' }],
  ['content-filter', { choices: [{ delta: {}, finish_reason: 'content_filter' }] }],
  ['content-filter', { event: { messageStop: { stopReason: 'guardrail_intervened' } } }],
  ['content-filter', { candidates: [{ finishReason: 'SAFETY' }] }],
  ['other', { choices: [{ delta: {}, finish_reason: 'gave_up' }] }],
  ['aborted', { type: 'abort' }],
  ['aborted', named('abort', '')],
  ['aborted', { event: 'RunCancelled', reason: 'x' }],
  ['aborted', { result: { kind: 'status-update', status: { state: 'canceled' }, final: true } }],
])('an answer ends with the reason %s: %j', (reason, end) => {
  expect(read(end)).toContainEqual({ type: 'finish', reason });
});

test.each([
  { choices: [{ delta: { content: '' }, finish_reason: 'error' }] },
  { type: 'finish', finishReason: 'error' },
  { candidates: [{ finishReason: 'MALFORMED_FUNCTION_CALL' }] },
])('an end with an error is one: %j', (end) => {
  expect(errorsOf(end)).toHaveLength(1);
});

test.each(['error', 'message', 'content', 'event', 'data', 'messages', 'x'])(
  'JSON that is 100,000 levels deep in %s ends in an event',
  (member) => {
    const deep = `${`{"${member}":`.repeat(100_000)}1${'}'.repeat(100_000)}`;
    const lists = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    for (const value of [raw(deep), named('error', deep), raw(`{"${member}":${lists}}`), deep, lists, raw(`A(${deep})`)]) {
      expect(read(value).length).toBeGreaterThan(0);
    }
    expect(errorsOf(raw(`{"error":${lists}}`))).toEqual([
      { type: 'error', message: 'JSON that is nested too deeply to be shown' },
    ]);
  },
);

test('the halves of a character that two pieces share come out together', () => {
  const halves = ['a\ud83c', '\udf88b'];
  expect(read(...halves.map((text) => ({ text }))).filter(({ type }) => type === 'text-delta')).toEqual([
    { type: 'text-delta', text: 'a' },
    { type: 'text-delta', text: '🎈b' },
  ]);
  expect(textOf('a\ud83c', named('ping', ''))).toBe('a\ud83c');
});
