import { expect, test } from 'vitest';
import { AnswerReader } from '../../src/agent-events/answer-reader.ts';
import { AgentEventReader } from '../../src/agent-events/agent-event-reader.ts';
import type { AgentEvent } from '../../src/agent-events/agent-event.ts';
import { eventLine } from '../helpers/event-line.ts';
import { growing, itemsOf, named, raw } from '../helpers/stream-shape.ts';

const read = (values: readonly unknown[]): AgentEvent[] => {
  const reader = new AgentEventReader();
  return [...itemsOf(values).flatMap((item) => reader.read(item)), ...reader.end()];
};
const textOf = (events: readonly AgentEvent[]): string =>
  events.map((event) => (event.type === 'text-delta' ? event.text : '')).join('');
const errorsOf = (events: readonly AgentEvent[]): AgentEvent[] => events.filter(({ type }) => type === 'error');

const human = { content: 'a question', type: 'human', id: 'h' };
const ai = (content: string, id?: string) => ({ content, type: 'ai', ...(id && { id }) });
const chunk = (content: string, id: string) => [{ content, type: 'AIMessageChunk', id }, { langgraph_node: id }];
const adk = (text: string, partial: boolean) => ({
  content: { parts: [{ text }], role: 'model' },
  partial,
  author: 'a',
  invocationId: 'e',
});
const so = growing(['Two', ' w', 'ords']);

/** Streams as packages send them; the answer is "Two words". Each of these was misread once. */
const STREAMS: Readonly<Record<string, readonly unknown[]>> = {
  'text that grows under a label of pieces': so.map((text) => ({ type: 'delta', text })),
  'text that grows in a member of pieces': so.map((delta) => ({ delta })),
  'text that grows in events of pieces': so.map((content) => named('content_delta', { content })),
  'text that grows in two pieces': [
    { type: 'text-delta', delta: 'Two ' },
    { type: 'text-delta', delta: 'Two words' },
  ],
  'text that grows in chunks of OpenAI': so.map((content) => ({
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta: { content } }],
  })),
  'text that grows in chunks of LangChain': so.map((content) => chunk(content, 'r')),
  'text that grows in partial events of ADK': [adk('Two ', true), adk('Two words', true), adk('Two words', false)],
  'the whole under the label of its pieces': ['Two ', 'words', 'Two words'].map((text) => ({ type: 'delta', text })),
  'the whole in two members one after the other': [
    { chunk: 'Two ' },
    { chunk: 'words' },
    { message: 'Two words' },
    { result: 'Two words' },
  ],
  'agno: events without text': [
    { event: 'TeamRunContent', content: 'Two words', content_type: 'str' },
    { event: 'TeamRunContentCompleted' },
    { event: 'TeamRunCompleted', content: 'Two words' },
  ],
  'Dify: a message that was not streamed': [
    { event: 'message', task_id: 't', id: 'i', mode: 'chat', answer: 'Two words', metadata: { usage: { prompt_tokens: 1 } } },
  ],
  'Flowise: the state of a flow': [
    { event: 'agentFlowEvent', data: 'INPROGRESS' },
    { event: 'nextAgentFlow', data: { nodeId: 'n', status: 'INPROGRESS' } },
    { event: 'token', data: 'Two words' },
    { event: 'agentFlowExecutedData', data: [{ data: { output: { content: 'Two words' } } }] },
    { event: 'agentFlowEvent', data: 'FINISHED' },
  ],
  'LlamaIndex: a tool without a label': [
    { tool_name: 's', tool_kwargs: {}, tool_id: 't' },
    { tool_name: 's', tool_kwargs: {}, tool_id: 't', tool_output: { content: 'a secret', is_error: false } },
    { delta: 'Two words', response: 'Two words', tool_calls: [] },
  ],
  'Mastra: a workflow': [
    { type: 'workflow-start', runId: 'r', payload: {} },
    { type: 'workflow-step-result', runId: 'r', payload: { id: 's', status: 'success', output: { text: 'Two words' } } },
    { type: 'workflow-finish', runId: 'r', payload: { workflowStatus: 'success' } },
  ],
  'Haystack: chunks with a flag that Strands has too': [
    { content: 'Two ', component_info: { type: 'x', name: 'llm' }, index: 0, start: true },
    { content: 'words', component_info: { type: 'x', name: 'llm' }, index: 0, start: false },
  ],
  'smolagents: the last step': [
    { type: 'ActionStep', model_output: 'Hm.', observations: 'a secret' },
    { type: 'FinalAnswerStep', output: 'Two words' },
  ],
  'LangGraph server: a subgraph, tasks and checkpoints': [
    named('tasks', { id: 't', name: 'agent', input: { messages: [human] }, triggers: [] }),
    named('messages/partial|sub:1', [ai('Two ', 'r')]),
    named('messages/partial|sub:1', [ai('Two words', 'r')]),
    named('tasks', { id: 't', name: 'agent', result: [['messages', [ai('Two words', 'r')]]] }),
    named('checkpoints', { values: { messages: [human, ai('Two words', 'r')] } }),
  ],
  'messages that repeat their pieces in another order': [
    { text: 'Two ' },
    { text: 'words' },
    { type: 'AIMessage', content: 'words', id: 'b' },
    { type: 'AIMessage', content: 'Two', id: 'a' },
  ],
  'a conversation with notes of the system': [
    {
      messages: [
        { role: 'user', content: 'a question' },
        { role: 'assistant', content: 'an old answer' },
        { role: 'user', content: 'another question' },
        { role: 'assistant', content: 'Two words' },
        { role: 'system', content: 'a note' },
      ],
    },
  ],
  'messages of LangChain with notes of the system': [
    { messages: [human, ai('an old answer', 'o'), human, ai('Two words', 'n'), { content: 'a note', type: 'system', id: 's' }] },
  ],
  'steps of an agent': [
    { type: 'thought', content: 'Hm.' },
    { type: 'observation', content: 'a secret' },
    { type: 'answer', content: 'Two words' },
  ],
  'a step that thinks': [
    { step: 'thinking', content: 'Hm.' },
    { step: 'final', content: 'Two words' },
  ],
  'a status that thinks': [
    { status: 'thinking', text: 'Looking' },
    { status: 'complete', text: 'Two words' },
  ],
  'pairs of a name and data': [
    ['token', 'Two '],
    ['token', 'words'],
    ['end', null],
  ],
  'progress in a message and in data': [{ status: 'processing', message: 'Looking', data: 'no' }, { text: 'Two words' }],
  'a piece that is empty beside the text so far': [{ delta: '', response: 'no' }, { text: 'Two words' }],
  'tokens of which some are special': [
    { token: { text: 'Two ', special: false } },
    { token: { text: 'words', special: false } },
    { token: { text: '</s>', special: true } },
  ],
  'a member without a value before the text': [{ delta: null, text: null, content: 'Two words' }],
  'a state that is a number': [{ status: { state: 5 } }, { text: 'Two words' }],
  'a warning': [
    { type: 'warning', message: 'deprecated' },
    { type: 'text', text: 'Two words' },
  ],
  'a remark beside a code': [{ code: 0, message: 'ok', data: { content: 'Two words' } }],
  'a remark beside a status': [{ status: 'success', message: 'Request processed', result: 'Two words' }],
  'a message beside a status, and nothing else': [{ status: 'success', message: 'Two words', data: { session_id: 's' } }],
  'a printed object with a time': [
    "TextEvent(id='1', created_at=datetime.datetime(2025, 1, 1, tzinfo=datetime.timezone.utc), zone=TzInfo(UTC), content='Two words')",
  ],
  'a printed array of numpy': ["{'answer': 'Two words', 'score': np.float64(0.5), 'v': array([1., 2.], dtype=float32)}"],
  'a printed result of the OpenAI Agents SDK': [
    'RunResult:\n- Last agent: Agent(name="A", ...)\n- Final output (str):\n    Two words\n- 1 new item(s)\n- 1 raw response(s)',
  ],
};

test('each says the same events in the same order', async () => {
  const lines = Object.entries(STREAMS).map(([name, values]) => `${name}: ${eventLine(read(values))}\n`);
  await expect(lines.join('')).toMatchFileSnapshot('streams.events.txt');
});

test.each(Object.entries(STREAMS))('%s', (_name, values) => {
  const events = read(values);
  expect(textOf(events)).toBe('Two words');
  expect(errorsOf(events)).toEqual([]);
});

test.each([
  ['in updates', [{ a: { messages: [ai('Same', '1')] } }, { b: { messages: [ai('Same', '2')] } }]],
  ['in one update', [{ a: { messages: [ai('Same', '1')] }, b: { messages: [ai('Same', '2')] } }]],
  ['in values', [{ messages: [human, ai('Same', '1')] }, { messages: [human, ai('Same', '1'), ai('Same', '2')] }]],
  [
    'in several modes',
    [
      ['messages', chunk('Same', '1')],
      ['updates', { a: { messages: [ai('Same', '1')] } }],
      ['messages', chunk('Same', '2')],
      ['updates', { b: { messages: [ai('Same', '2')] } }],
      ['values', { messages: [human, ai('Same', '1'), ai('Same', '2')] }],
    ],
  ],
])('two agents that say the same are heard twice: LangGraph %s', (_name, values) => {
  expect(textOf(read(values))).toBe('SameSame');
});

test.each<[string, readonly unknown[], string]>([
  ['a piece by its label', [{ text: 'ha' }, { type: 'text_delta', text: 'ha' }], 'haha'],
  ['a piece by its member', [{ text: 'ha' }, { delta: 'ha' }], 'haha'],
  ['a piece by its flag', [{ text: 'ha' }, { content: 'ha', append: true }], 'haha'],
  ['a piece by its place in a list', [{ content: [{ text: 'ha' }] }, { content: [{ text: 'ha' }] }], 'haha'],
  ['a piece by its place in a message', [{ message: { content: 'ha' } }, { message: { content: 'ha' } }], 'haha'],
  ['the whole in another member', [{ text: 'ha' }, { content: 'ha' }], 'ha'],
  ['the whole as a token', [{ text: 'ha' }, { token: 'ha' }], 'ha'],
  ['the whole by its flag', [{ text: 'a ' }, { text: 'b' }, { text: 'a  b', done: true }], 'a b'],
  [
    'a piece before the end',
    [
      { text: 'a b', final: false },
      { text: 'a  b', final: false },
    ],
    'a ba  b',
  ],
  ['another message by its id', ['a', 'b'].map((id) => ({ type: 'AIMessage', content: 'ha', id })), 'haha'],
  ['another message by its uuid', ['a', 'b'].map((uuid) => ({ type: 'AIMessage', content: 'ha', uuid })), 'haha'],
  [
    'another message by its message_id',
    ['a', 'b'].map((message_id) => ({ type: 'AIMessage', content: 'ha', message_id })),
    'haha',
  ],
  ['the same message', ['a', 'a'].map((id) => ({ type: 'AIMessage', content: 'ha', id })), 'ha'],
])('what is said again is %s', (_name, values, expected) => {
  expect(textOf(read(values))).toBe(expected);
});

test('a call of Gemini runs until its response', () => {
  const part = (members: object) => ({ content: { parts: [members], role: 'model' } });
  const events = read([part({ functionCall: { id: 'c', name: 's' } }), part({ functionResponse: { id: 'c', name: 's' } })]);
  expect(events).toEqual([
    { type: 'tool-start', name: 's', id: 'c' },
    { type: 'tool-end', name: 's', id: 'c' },
  ]);
});

test.each<[string, unknown, string?]>([
  ['a label', { type: 'fatal', message: 'broke' }],
  ['a label of a limit', { type: 'rate_limit_exceeded', message: 'broke' }],
  ['a name', named('err', 'broke')],
  ['a status', { status: 'fail', message: 'broke' }],
  ['a status of time', { status: 'timeout', message: 'broke' }],
  ['a pair', ['error', 'broke']],
  ['a printed pair', "('error', ValueError('broke'))"],
  [
    'A2A 1.0',
    { statusUpdate: { status: { state: 'TASK_STATE_FAILED', message: { role: 'ROLE_AGENT', parts: [{ text: 'broke' }] } } } },
  ],
  ['A2A 1.0, a task', { task: { id: 't', status: { state: 'TASK_STATE_REJECTED', message: { parts: [{ text: 'broke' }] } } } }],
  ['Strands, printed', "{'force_stop': True, 'force_stop_reason': 'broke', 'agent': <Agent at 0x7f>}"],
])('a failure is told by %s', (_name, value) => {
  expect(errorsOf(read([value]))).toEqual([expect.objectContaining({ message: 'broke' })]);
  expect(textOf(read([value]))).toBe('');
});

test.each([
  { type: 'system', subtype: 'hook_response', outcome: 'error', output: 'x' },
  { type: 'system', subtype: 'mirror_error', error: 'x' },
  { type: 'config', timeout: 30, rejected: [] },
  { type: 'retry', attempt: 1, reason: 'throttled' },
])('the agent goes on after %j', (value) => {
  const events = read([value, { text: 'Two words' }]);
  expect(textOf(events)).toBe('Two words');
  expect(errorsOf(events)).toEqual([]);
});

test.each([
  ['a first piece that is blank', ['\n', '\nTwo', ' words']],
  ['a first piece that the second begins with', ['un', 'under', ' way']],
  ['a word again and again', ['ha', 'haha', 'ha']],
])('labelled pieces stay pieces: %s', (_name, pieces) => {
  expect(textOf(read(pieces.map((delta) => ({ type: 'text-delta', delta }))))).toBe(pieces.join(''));
});

test('bytes come out, objects that Python prints do not', () => {
  const printed = [
    "{'type': 'agent_result', 'result': {'message': {'content': [{'text': 'Two words'}]}, 'blob': b'rsn_x'}}",
    "{'tool_result': {'status': 'success', 'content': [{'image': {'source': {'bytes': b'\\x89PNG'}}}]}}",
  ];
  expect(textOf(read(printed))).toBe('Two words');
  expect(textOf(read(['Paris(France)', raw('Two words')]))).toBe('Paris(France)Two words');
});

test('the data stream of AI SDK 4 comes as text/plain', () => {
  const reader = new AnswerReader('text/plain; charset=utf-8');
  const body =
    'f:{"messageId":"m"}\n0:"Two "\n9:{"toolCallId":"c","toolName":"s","args":{}}\n0:"words"\nd:{"finishReason":"stop"}\n';
  const events = body.split('').flatMap((character) => reader.push(Buffer.from(character)));
  expect(textOf([...events, ...reader.end()])).toBe('Two words');
});

test('a piece of text is no data line of AI SDK 4 unless its JSON is of the type that the letter has', () => {
  const pieces = ['a:""', ' b:["x"]', ' 8:"y"'];
  expect(textOf(read(pieces.map((chunk) => ({ type: 'llm_stream_chunk', chunk }))))).toBe(pieces.join(''));
});
