import { named, ownName, raw, type StreamShape } from './stream-shape.ts';

const anthropicDelta = (text: string): { readonly type: string } & Record<string, unknown> => ({
  type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text },
}); // prettier-ignore
const anthropicStart = { type: 'message_start', message: { id: 'msg_1', type: 'message', role: 'assistant', content: [], usage: { input_tokens: 3, output_tokens: 1 } } }; // prettier-ignore
const anthropicBlock = { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } };
const anthropicEnd = [
  { type: 'content_block_stop', index: 0 },
  { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 2 } },
  { type: 'message_stop' },
];
const responsesDelta = (delta: string) => ({
  type: 'response.output_text.delta', item_id: 'msg_1', output_index: 0, content_index: 0, delta, logprobs: [], sequence_number: 4,
}); // prettier-ignore
const responsesMessage = (text: string) => ({ id: 'msg_1', type: 'message', status: 'completed', role: 'assistant', content: [{ type: 'output_text', text, annotations: [] }] }); // prettier-ignore
const responsesEnd = (text: string) => [
  { type: 'response.output_text.done', item_id: 'msg_1', output_index: 0, content_index: 0, text },
  { type: 'response.content_part.done', item_id: 'msg_1', part: { type: 'output_text', text } },
  { type: 'response.output_item.done', output_index: 0, item: responsesMessage(text) },
  { type: 'response.completed', response: { id: 'r', status: 'completed', error: null, output: [responsesMessage(text)], usage: { input_tokens: 3, output_tokens: 2 } } },
]; // prettier-ignore
const responsesStart = { type: 'response.created', response: { id: 'r', status: 'in_progress', error: null, output: [] } };
const responsesFailed = {
  type: 'response.failed',
  response: { id: 'r', status: 'failed', error: { code: 'server_error', message: 'it broke' } },
};
const gemini = (text: string, members: object = {}) => ({
  candidates: [{ content: { parts: [{ text }], role: 'model' }, index: 0, ...members }],
});

/** Shapes of models and of the SDKs of those who make them. */
export const MODEL_SHAPES: readonly StreamShape[] = [
  {
    name: 'Anthropic Messages',
    source: 'npm @anthropic-ai/sdk 1.14.0, resources/messages/messages.d.ts',
    pieces: (texts) => [anthropicStart, anthropicBlock, { type: 'ping' }, ...texts.map(anthropicDelta)].map(ownName),
    whole: () => anthropicEnd.map(ownName),
    wholeNeedsPieces: true,
    failure: [named('error', { type: 'error', error: { type: 'overloaded_error', message: 'it broke' } })],
  },
  {
    name: 'Anthropic message, whole',
    source: 'npm @anthropic-ai/sdk 1.14.0, Message',
    whole: (text) => [
      { id: 'msg_1', type: 'message', role: 'assistant', content: [{ type: 'text', text }], stop_reason: 'end_turn' },
    ],
  },
  {
    name: 'OpenAI Responses, named events',
    source: 'npm openai 6.49.0, resources/responses/responses.d.ts',
    pieces: (texts) => [responsesStart, ...texts.map(responsesDelta)].map(ownName),
    whole: (text) => responsesEnd(text).map(ownName),
    failure: [named('response.failed', responsesFailed)],
  },
  {
    name: 'OpenAI Responses, without names',
    source: 'npm openai 6.49.0, resources/responses/responses.d.ts',
    pieces: (texts) => [responsesStart, ...texts.map(responsesDelta)],
    whole: responsesEnd,
    failure: [responsesFailed],
  },
  {
    name: 'OpenAI chat completion, whole',
    source: 'OpenAI API reference, "The chat completion object"',
    whole: (text) => [
      {
        object: 'chat.completion',
        choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }],
      },
    ],
    failure: [{ error: { message: 'it broke', type: 'server_error', param: null, code: null } }],
  },
  {
    name: 'OpenAI chat completion chunks',
    source: 'OpenAI API reference, "The chat completion chunk object"; an error in a chunk: openrouter.ai/docs, "Error handling"',
    pieces: (texts) =>
      ['', ...texts].map((content) => ({
        object: 'chat.completion.chunk',
        choices: [{ index: 0, delta: { role: 'assistant', content }, finish_reason: null }],
      })),
    whole: () => [{ object: 'chat.completion.chunk', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }, raw('[DONE]')],
    wholeNeedsPieces: true,
    failure: [
      {
        object: 'chat.completion.chunk',
        error: { code: 502, message: 'it broke' },
        choices: [{ index: 0, delta: { content: '' }, finish_reason: 'error' }],
      },
    ],
  },
  {
    name: 'OpenAI Assistants',
    source:
      'openai/openai-python, src/openai/types/beta/assistant_stream_event.py and threads/message_delta_event.py; developers.openai.com, Assistants "Streaming events"',
    pieces: (texts) =>
      texts.map((value) =>
        named('thread.message.delta', {
          id: 'm',
          object: 'thread.message.delta',
          delta: { content: [{ index: 0, type: 'text', text: { value, annotations: [] } }] },
        }),
      ),
    whole: (value) => [
      named('thread.message.completed', {
        id: 'm',
        object: 'thread.message',
        role: 'assistant',
        content: [{ type: 'text', text: { value, annotations: [] } }],
      }),
      named('thread.run.completed', { id: 'run', object: 'thread.run', status: 'completed' }),
      named('done', '[DONE]'),
    ],
    failure: [
      named('thread.run.failed', {
        id: 'run',
        object: 'thread.run',
        status: 'failed',
        last_error: { code: 'server_error', message: 'it broke' },
      }),
    ],
  },
  {
    name: 'OpenAI Agents SDK, Python',
    source: 'openai/openai-agents-python, src/agents/stream_events.py and items.py',
    pieces: (texts) => [
      { type: 'agent_updated_stream_event', new_agent: { name: 'Assistant' } },
      {
        type: 'run_item_stream_event',
        name: 'tool_called',
        item: { type: 'tool_call_item', raw_item: { type: 'function_call', name: 'search', call_id: 'c1', arguments: '{}' } },
      },
      ...texts.map((text) => ({ type: 'raw_response_event', data: responsesDelta(text) })),
    ],
    whole: (text) => [
      ...responsesEnd(text).map((data) => ({ type: 'raw_response_event', data })),
      {
        type: 'run_item_stream_event',
        name: 'message_output_created',
        item: { type: 'message_output_item', raw_item: responsesMessage(text) },
      },
    ],
    failure: [{ type: 'raw_response_event', data: responsesFailed }],
  },
  {
    name: 'OpenAI Agents SDK, JavaScript',
    source: 'npm @openai/agents-core 0.20.0, events.d.ts and types/protocol.d.ts',
    pieces: (texts) =>
      texts.flatMap((delta) => [
        { type: 'raw_model_stream_event', data: { type: 'model', event: responsesDelta(delta) } },
        { type: 'raw_model_stream_event', data: { type: 'output_text_delta', delta } },
      ]),
    whole: (text) => [
      {
        type: 'raw_model_stream_event',
        data: {
          type: 'response_done',
          response: { id: 'r', output: [responsesMessage(text)], usage: { inputTokens: 3, outputTokens: 2 } },
        },
      },
      {
        type: 'run_item_stream_event',
        name: 'message_output_created',
        item: { type: 'message_output_item', rawItem: responsesMessage(text) },
      },
    ],
  },
  {
    name: 'Claude Agent SDK, partial messages',
    source: 'npm @anthropic-ai/claude-agent-sdk 0.3.332, sdk.d.ts: SDKPartialAssistantMessage',
    pieces: (texts) => [
      { type: 'system', subtype: 'init', session_id: 's', tools: ['Read'] },
      ...[anthropicStart, anthropicBlock, ...texts.map(anthropicDelta)].map((event) => ({
        type: 'stream_event',
        event,
        parent_tool_use_id: null,
        uuid: 'u',
        session_id: 's',
      })),
    ],
    whole: (text) => [
      {
        type: 'assistant',
        message: { role: 'assistant', content: [{ type: 'text', text }] },
        parent_tool_use_id: null,
        uuid: 'v',
        session_id: 's',
      },
      ...anthropicEnd.map((event) => ({ type: 'stream_event', event, parent_tool_use_id: null, uuid: 'u', session_id: 's' })),
      {
        type: 'result',
        subtype: 'success',
        is_error: false,
        num_turns: 1,
        result: text,
        stop_reason: 'end_turn',
        session_id: 's',
      },
    ],
    failure: [{ type: 'result', subtype: 'error_during_execution', is_error: true, errors: ['it broke'], session_id: 's' }],
  },
  {
    name: 'Claude Agent SDK, whole messages',
    source: 'npm @anthropic-ai/claude-agent-sdk 0.3.332, sdk.d.ts: SDKAssistantMessage, SDKUserMessage, SDKResultMessage',
    whole: (text) => [
      {
        type: 'assistant',
        message: { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name: 'Read', input: {} }] },
        parent_tool_use_id: null,
        session_id: 's',
      },
      {
        type: 'user',
        message: { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: 'a secret' }] },
        parent_tool_use_id: null,
        session_id: 's',
      },
      {
        type: 'assistant',
        message: { role: 'assistant', content: [{ type: 'text', text: 'of a subagent' }] },
        parent_tool_use_id: 'toolu_1',
        session_id: 's',
      },
      {
        type: 'assistant',
        message: { role: 'assistant', content: [{ type: 'text', text }] },
        parent_tool_use_id: null,
        session_id: 's',
      },
      { type: 'result', subtype: 'success', is_error: false, result: text, session_id: 's' },
    ],
    failure: [{ type: 'result', subtype: 'success', is_error: true, result: 'it broke', session_id: 's' }],
  },
  {
    name: 'Gemini',
    source: 'npm @google/genai 2.32.0, GenerateContentResponse',
    pieces: (texts) => [
      gemini('A thought.', { content: { parts: [{ text: 'A thought.', thought: true }], role: 'model' } }),
      ...texts.map((text) => gemini(text)),
    ],
    whole: () => [{ ...gemini('', { finishReason: 'STOP' }), usageMetadata: { promptTokenCount: 3, candidatesTokenCount: 2 } }],
    wholeNeedsPieces: true,
    failure: [{ error: { code: 429, message: 'it broke', status: 'RESOURCE_EXHAUSTED' } }],
  },
];
