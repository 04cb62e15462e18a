import { expect, test } from 'vitest';
import type { AgentEvent } from '../../src/agent-events/agent-event.ts';
import { AnswerReader } from '../../src/agent-events/answer-reader.ts';
import { eventLine } from '../helpers/event-line.ts';
import { bodyOf, named, raw } from '../helpers/stream-shape.ts';

/** What an answer says: whole, and the same byte by byte. */
function read(body: string, contentType = 'text/event-stream'): AgentEvent[] {
  const bytes = Buffer.from(body);
  const pieces = (size: number): AgentEvent[] => {
    const reader = new AnswerReader(contentType);
    const cuts = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) => index * size);
    return [...cuts.flatMap((at) => reader.push(bytes.subarray(at, at + size))), ...reader.end()];
  };
  const events = pieces(bytes.length);
  expect(textOf(pieces(1))).toBe(textOf(events));
  return events;
}
const textOf = (events: readonly AgentEvent[]): string =>
  events.map((event) => (event.type === 'text-delta' ? event.text : '')).join('');
const reasoningOf = (events: readonly AgentEvent[]): string =>
  events.map((event) => (event.type === 'reasoning-delta' ? event.text : '')).join('');
const errorsOf = (events: readonly AgentEvent[]): string[] =>
  events.flatMap((event) => (event.type === 'error' ? event.message : []));

const ai = (content: unknown, id = 'a') => ({ content, type: 'ai', id });
const chunk = (content: unknown) => [
  { content, type: 'AIMessageChunk', id: 'r' },
  { langgraph_node: 'a', langgraph_step: 1 },
];
const outputText = (delta: string) => ({ type: 'response.output_text.delta', item_id: 'm', delta });
const agno = (event: string, members: object) => ({ event, agent_id: 'a', run_id: 'r', ...members });
const gradio = (msg: string, members: object) => ({ msg, event_id: 'e', ...members });
const pairs = (...list: readonly (readonly [string, string | null])[]): string => JSON.stringify([list]);

/** Streams as frameworks send them; the answer is "Two words". Each was misread once. */
const STREAMS: Readonly<Record<string, readonly unknown[]>> = {
  'OpenAI Responses, whole, with settings named like texts': [
    {
      object: 'response',
      status: 'completed',
      instructions: 'Be short.',
      output: [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Two words' }] }],
      reasoning: { effort: null, summary: null },
      text: { format: { type: 'text' }, verbosity: 'medium' },
    },
  ],
  'Haystack 2: chunks with members for what they do not have': ['', 'Two ', 'words'].map((content) => ({
    content,
    component_info: { type: 'x', name: 'llm' },
    tool_calls: null,
    tool_call_result: content === '' ? { result: 'a secret', origin: { tool_name: 's' }, error: true } : null,
    reasoning: null,
  })),
  'Haystack: the result of a pipeline': [{ llm: { replies: [{ role: 'assistant', content: [{ text: 'Two words' }] }] } }],
  'Mastra: a network': [
    { type: 'routing-agent-end', from: 'NETWORK', payload: { task: 'a question', result: '', selectionReason: 'x' } },
    { type: 'agent-execution-event-text-delta', payload: { type: 'text-delta', payload: { text: 'Two words' } } },
    { type: 'network-execution-event-step-finish', payload: { task: 'a question', result: 'Two words', isComplete: true } },
  ],
  'callbacks that an agent has named itself': ['Two ', 'words'].map((token) => ({ event: 'on_token', token })),
  'a Lambda proxy: the body is a JSON string': [{ statusCode: 200, body: '"Two words"' }],
  'OpenAI Assistants: the messages of a thread, the latest first': [
    {
      object: 'list',
      data: [
        { role: 'assistant', created_at: 2, content: [{ type: 'text', text: { value: 'Two words', annotations: [] } }] },
        { role: 'user', created_at: 1, content: [{ type: 'text', text: { value: 'a question', annotations: [] } }] },
      ],
    },
  ],
  'LangGraph: messages of subgraphs': ['Two ', 'words'].map((text) => [['agent:4f0a'], chunk(text)]),
  'LangGraph: pieces in one list': [['Two', ' ', 'words'].map((token) => ({ token, langgraph_node: 'a' }))],
  'LangGraph: updates of subgraphs': [
    [['node:4f0a'], { sub: { messages: [ai('Two words')] } }],
    [[], { node: { messages: [ai('Two words')] } }],
  ],
  'AG-UI: an event of the framework beside its own': [
    { type: 'TEXT_MESSAGE_CHUNK', messageId: 'm', delta: 'Two words' },
    { type: 'RAW', event: { text: 'no' } },
  ],
  'agno: members of a team speak to its leader': [
    { event: 'TeamRunStarted', team_id: 't', run_id: 't' },
    agno('RunContent', { content: 'of a member', parent_run_id: 't' }),
    agno('RunError', { content: 'no', parent_run_id: 't' }),
    agno('RunCompleted', { content: 'of a member', parent_run_id: 't' }),
    { event: 'TeamRunContent', content: 'Two words', run_id: 't' },
    { event: 'TeamRunCompleted', content: 'Two words', run_id: 't' },
  ],
  'agno: a team whose member answers': [
    agno('RunContent', { content: 'Two ', parent_run_id: 't' }),
    agno('RunContent', { content: 'words', parent_run_id: 't' }),
    { event: 'TeamRunCompleted', run_id: 't' },
  ],
  'LangChain: callbacks with the run above': ['Two ', 'words'].map((token) => ({
    event: 'on_llm_new_token',
    token,
    run_id: 'r',
    parent_run_id: 'p',
  })),
  'smolagents: a step that failed': [
    { step_number: 1, error: { type: 'AgentExecutionError', message: 'no' }, model_output: 'Hm.', observations: 'a secret' },
    { output: 'Two words' },
  ],
  'Dify: a branch that failed': [
    { event: 'node_finished', data: { node_type: 'http-request', status: 'exception', error: 'no' } },
    { event: 'agent_log', data: { label: 'x', status: 'error', error: 'no' } },
    { event: 'message', answer: 'Two words' },
  ],
  'Langflow: a component of the flow': [
    { event: 'end_vertex', data: { build_data: { data: { results: { message: { text: 'a question' } } } } } },
    { event: 'token', data: { chunk: 'Two words' } },
  ],
  'Coze: what it says to its client': [
    named('conversation.message.delta', { type: 'answer', content: 'Two words' }),
    named('conversation.message.completed', { type: 'verbose', content: '{"msg_type":"generate_answer_finish"}' }),
    named('conversation.message.completed', { type: 'follow_up', content: 'what else?' }),
    named('conversation.chat.completed', { status: 'completed', last_error: { code: 0, msg: '' } }),
  ],
  Letta: [
    { message_type: 'user_message', content: 'a question' },
    { message_type: 'reasoning_message', reasoning: 'Hm.' },
    { message_type: 'tool_return_message', tool_return: 'a secret', status: 'error' },
    ...['Two ', 'words'].map((content) => ({ message_type: 'assistant_message', content })),
    { message_type: 'stop_reason', stop_reason: 'end_turn' },
  ],
  'A2A: a part with data': [
    {
      parts: [
        { kind: 'text', text: 'Two words' },
        { kind: 'data', data: { text: 'no' } },
      ],
    },
  ],
  'n8n: items': [[{ json: { output: 'Two words' }, pairedItem: { item: 0 } }]],
  'Vertex AI: predictions': [{ predictions: ['Two words'], deployedModelId: 'd' }],
  'Bedrock Agents: bytes that hold an event each': ['Two ', 'words'].map((token) => ({
    chunk: { bytes: Buffer.from(JSON.stringify({ token })).toString('base64') },
  })),
  'the question beside the answer': [{ message: 'a question', reply: 'Two words' }],
  'the question beside the message of a bot': [{ message: 'a question', bot_message: 'Two words' }],
  'the question beside the response of a bot': [{ message: 'a question', botResponse: 'Two words' }],
  'the question beside the message of an assistant': [{ message: 'a question', assistantMessage: 'Two words' }],
  'Gradio: pairs of question and answer': [
    named('generating', pairs(['before', 'an old answer'], ['a question', null])),
    named('generating', pairs(['before', 'an old answer'], ['a question', 'Two '])),
    named('complete', pairs(['before', 'an old answer'], ['a question', 'Two words'])),
  ],
  'Gradio: changes of a value in its queue': [
    gradio('estimation', { rank: 0 }),
    gradio('process_generating', { output: { data: ['Two '], is_generating: true }, success: true }),
    gradio('process_generating', { output: { data: [[['append', [], 'words']]] }, success: true }),
    gradio('process_completed', { output: { data: ['Two words'] }, success: true }),
  ],
  'a text that was found with a tool': [{ text: 'Two words', tool_name: 'search' }],
  'a text without the input of a tool': [{ text: 'Two words', tool_input: null }],
  'a member that Strands has too': [{ text: 'Two words', complete: true, callback: null }],
  'Python says nothing': ['Two words', 'None'],
  'Python says nothing first': [raw('None'), raw('None'), raw('Two words')],
  'events as text, of which one is unknown': [{ type: 'content-end', index: 0 }, { text: 'Two words' }, { id: 1 }].map((value) =>
    JSON.stringify(value),
  ),
  'events that Python has printed, of which one is unknown': [
    "{'trace': {'a': {1: 2, (1, 2): 3}}}",
    "{'text': 'Two words'}",
    "{'a': {}}",
  ],
  'all events in one list': [[outputText('Two '), outputText('words'), { type: 'response.output_text.done', text: 'Two words' }]],
};

test('each says the same events in the same order', async () => {
  const lines = Object.entries(STREAMS).map(([name, values]) => `${name}: ${eventLine(read(bodyOf(values)))}\n`);
  await expect(lines.join('')).toMatchFileSnapshot('misread.events.txt');
});

test.each(Object.entries(STREAMS))('%s', (_name, values) => {
  const events = read(bodyOf(values));
  expect(textOf(events)).toBe('Two words');
  expect(errorsOf(events)).toEqual([]);
});

/** Those of which every event is an object without a name: a list of them is an answer as well. */
const LISTED = Object.entries(STREAMS).filter(([, values]) => /^(?:data: \{.*\n\n)+$/.test(bodyOf(values)));

test.each(LISTED)('in a list: %s', (_name, values) => {
  const events = read(JSON.stringify(values), 'application/json');
  expect(textOf(events)).toBe('Two words');
  expect(errorsOf(events)).toEqual([]);
});

test.each<[string, unknown]>([
  ['an event of a list', [{ text: 'Two ' }, { error: 'it broke' }]],
  ['the content of a message', { contents: [{ $type: 'error', message: 'it broke' }], role: 'assistant' }],
  ['LlamaIndex', { type: 'WorkflowFailedEvent', value: { exception_type: 'ValueError', exception_message: 'it broke' } }],
  ['ACP', { type: 'run.failed', run: { status: 'failed', error: { message: 'it broke' } } }],
  ['OpenAI Assistants', named('thread.run.expired', { status: 'expired', last_error: { code: 'x', message: 'it broke' } })],
  ['Cohere', { type: 'message-end', delta: { finish_reason: 'ERROR', error: 'it broke' } }],
  ['Gradio', gradio('process_completed', { output: { error: 'it broke' }, success: false })],
  ['a gateway to gRPC', { code: 13, message: 'it broke', details: [] }],
  ['n8n', { code: 0, message: 'it broke', stacktrace: 'at x' }],
  ['a word for false', { success: 'false', message: 'it broke' }],
  ['a word for its result', { result: 'error', message: 'it broke' }],
])('a failure is told by %s', (_name, value) => {
  expect(errorsOf(read(bodyOf([value])))).toEqual(['it broke']);
});

test.each([
  ['length', { type: 'finish', payload: { stepResult: { reason: 'length' } } }],
  ['length', named('thread.run.incomplete', { incomplete_details: { reason: 'max_completion_tokens' } })],
  ['length', { token: { text: 'x', special: false }, details: { finish_reason: 'length' } }],
  ['length', { content: '', stop: true, stop_type: 'limit' }],
  ['content-filter', { promptFeedback: { blockReason: 'SAFETY' } }],
])('an answer ends with the reason %s: %j', (reason, end) => {
  expect(read(bodyOf([end]))).toContainEqual({ type: 'finish', reason });
});

test('tokens that a list of messages repeats do not stand for those of the message itself', () => {
  const message = { ...ai('x'), usage_metadata: { input_tokens: 3, output_tokens: 5 } };
  const events = read(bodyOf([{ messages: [message] }, message]));
  expect(events.filter(({ type }) => type === 'usage')).toEqual([{ type: 'usage', inputTokens: 3, outputTokens: 5 }]);
});

test('a model that has not finished has not ended', () => {
  const results = ['not_finished', 'eos_token'].map((stop_reason) => ({ results: [{ generated_text: 'x', stop_reason }] }));
  expect(read(bodyOf(results)).filter(({ type }) => type === 'finish')).toEqual([{ type: 'finish', reason: 'stop' }]);
});

test.each<[string, readonly unknown[]]>([
  ['in pieces, then whole', ['H', 'm.', 'Hm.'].map((text) => named('response.thinking', { text }))],
  ['in a list', [{ choices: [{ delta: { content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'Hm.' }] }] } }] }]],
  [
    'in a list with other things',
    [
      {
        thinking: {
          text: [
            { type: 'text', text: 'Hm.' },
            { type: 'image', text: 'no' },
          ],
        },
        text: 'x',
      },
    ],
  ],
  ['in a list without types', [{ thinking: { text: [{ text: 'H' }, { text: 'm.' }, 7, { text: 7 }] }, text: 'x' }]],
  ['in a list of strings', [{ reasoning: ['H', 'm.'], text: 'x' }]],
  ['in an object', [{ role: 'assistant', content: [{ reasoningContent: { reasoningText: { text: 'Hm.' } } }, { text: 'x' }] }]],
])('reasoning %s comes once', (_name, values) => {
  expect(reasoningOf(read(bodyOf(values)))).toBe('Hm.');
});

test.each<[string, readonly unknown[], string]>([
  ['a word of the answer', ['None', ' of these'], 'None of these'],
  ['a word among others', [raw('Is it '), raw('None'), raw('?')], 'Is it None?'],
  ['a piece of a message', ['None', 'such'].map((delta) => ({ type: 'text-delta', delta })), 'Nonesuch'],
  ['all that came', ['None'], ''],
])("Python's None is %s", (_name, values, expected) => {
  expect(textOf(read(bodyOf(values)))).toBe(expected);
});

test('an object that nobody knows stays text beside text', () => {
  expect(textOf(read(bodyOf(['{"a":1}', ' and more'])))).toBe('{"a":1} and more');
  expect(textOf(read(bodyOf(['For example ', '{"a":1}', ' and more'])))).toBe('For example {"a":1} and more');
});

test('Flowise writes a field that the standard does not have', () => {
  const events = ['Two ', 'words'].map((data) => `message:\ndata:${JSON.stringify({ event: 'token', data })}\n\n`);
  const read2 = read(events.join(''));
  expect(textOf(read2)).toBe('Two words');
  expect(read2.filter(({ type }) => type === 'malformed')).toEqual([]);
});

test.each(['application/json', 'text/plain'])('an error in a list, as %s', (contentType) => {
  expect(errorsOf(read('[{\n  "error": {\n    "code": 429,\n    "message": "it broke"\n  }\n}\n]', contentType))).toEqual([
    'it broke',
  ]);
});
