import { named, raw, type StreamShape } from './stream-shape.ts';

/** The bytes of a text, cut about where its pieces are: within a character where they are. */
const bytesOf = (texts: readonly string[]): Buffer[] => {
  const all = Buffer.from(texts.join(''));
  const borders = texts.map((_, index) => Buffer.byteLength(texts.slice(0, index + 1).join('')));
  return borders.map((border, index) => all.subarray(borders[index - 1] ?? 0, border)).filter(({ length }) => length > 0);
};

const dify = (event: string, members: object) => ({ event, task_id: 't', message_id: 'm', conversation_id: 'c', ...members });
const a2a = (result: object) => ({ jsonrpc: '2.0', id: '1', result });
const artifact = (text: string, append: boolean) => a2a({ kind: 'artifact-update', taskId: 't', contextId: 'c', append, artifact: { artifactId: 'a', parts: [{ kind: 'text', text }] } }); // prettier-ignore
const langflowMessage = (text: string, sender: string) => ({ event: 'add_message', data: { timestamp: '2025-03-03T17:20:18', sender, sender_name: sender, session_id: 's', text, files: [], error: false, edit: false } }); // prettier-ignore
const adk = (text: string, members: object) => ({
  content: { parts: [{ text }], role: 'model' },
  invocationId: 'e-1',
  author: 'root_agent',
  id: 'x',
  actions: {},
  ...members,
});

/** Shapes of protocols, clients and platforms. */
export const PLATFORM_SHAPES: readonly StreamShape[] = [
  {
    name: 'Mastra',
    source: 'npm @mastra/core 0.24.9, dist/stream/types.d.ts',
    pieces: (texts) => [
      { type: 'start', runId: 'r', from: 'AGENT', payload: {} },
      { type: 'tool-call', runId: 'r', from: 'AGENT', payload: { toolCallId: 'c1', toolName: 'search', args: {} } },
      { type: 'tool-result', runId: 'r', from: 'AGENT', payload: { toolCallId: 'c1', toolName: 'search', result: 'a secret' } },
      ...texts.map((text) => ({ type: 'text-delta', runId: 'r', from: 'AGENT', payload: { id: 't', text } })),
    ],
    whole: () => [
      {
        type: 'finish',
        runId: 'r',
        from: 'AGENT',
        payload: { stepResult: { reason: 'stop' }, output: { usage: { inputTokens: 3, outputTokens: 2 } } },
      },
    ],
    wholeNeedsPieces: true,
    failure: [{ type: 'error', runId: 'r', from: 'AGENT', payload: { error: { name: 'Error', message: 'it broke' } } }],
  },
  {
    name: 'AI SDK UI message stream',
    source: 'npm ai 6.0.326, dist/index.d.ts: UIMessageChunk',
    pieces: (texts) => [
      { type: 'start', messageId: 'm' },
      { type: 'start-step' },
      { type: 'data-weather', data: { text: 'a part of the app' } },
      { type: 'reasoning-delta', id: 'r', delta: 'Hm.' },
      { type: 'text-start', id: 't' },
      ...texts.map((delta) => ({ type: 'text-delta', id: 't', delta })),
    ],
    whole: () => [
      { type: 'text-end', id: 't' },
      { type: 'finish-step' },
      { type: 'finish', finishReason: 'stop' },
      raw('[DONE]'),
    ],
    wholeNeedsPieces: true,
    failure: [{ type: 'error', errorText: 'it broke' }],
  },
  {
    name: 'AI SDK 4 data stream',
    source: 'vercel/ai, packages/ui-utils/src/data-stream-parts.ts (AI SDK 4)',
    pieces: (texts) => [raw('f:{"messageId":"m"}'), ...texts.map((text) => raw(`0:${JSON.stringify(text)}`))],
    whole: () => [
      raw('e:{"finishReason":"stop","usage":{"promptTokens":3,"completionTokens":2},"isContinued":false}'),
      raw('d:{"finishReason":"stop","usage":{"promptTokens":3,"completionTokens":2}}'),
    ],
    wholeNeedsPieces: true,
    failure: [raw('3:"it broke"')],
  },
  {
    name: 'A2A, artifacts',
    source: 'a2a-protocol.org 0.3, TaskArtifactUpdateEvent; the messages of adk-python to_a2a',
    pieces: (texts) => [
      a2a({
        kind: 'status-update',
        taskId: 't',
        status: { state: 'submitted', message: { role: 'user', kind: 'message', parts: [{ kind: 'text', text: 'a question' }] } },
        final: false,
      }),
      ...texts.map((text, index) => artifact(text, index > 0)),
    ],
    whole: (text) => [
      a2a({ kind: 'status-update', taskId: 't', status: { state: 'completed' }, final: true }),
      a2a({
        kind: 'task',
        id: 't',
        status: { state: 'completed' },
        history: [{ role: 'user', parts: [{ kind: 'text', text: 'a question' }] }],
        artifacts: [{ artifactId: 'a', parts: [{ kind: 'text', text }] }],
      }),
    ],
    failure: [
      a2a({
        kind: 'status-update',
        taskId: 't',
        status: { state: 'failed', message: { role: 'agent', parts: [{ kind: 'text', text: 'it broke' }] } },
        final: true,
      }),
    ],
  },
  {
    name: 'A2A, one message',
    source: 'npm @a2a-js/sdk 1.3.0, Message',
    whole: (text) => [a2a({ kind: 'message', messageId: 'm', role: 'agent', parts: [{ kind: 'text', text }] })],
    failure: [{ jsonrpc: '2.0', id: '1', error: { code: -32603, message: 'it broke' } }],
  },
  {
    name: 'A2A, status messages only',
    source: 'a2a-protocol.org 0.3, TaskStatusUpdateEvent',
    whole: (text) => [
      a2a({
        kind: 'status-update',
        taskId: 't',
        status: { state: 'working', message: { role: 'agent', parts: [{ kind: 'text', text }] } },
        final: false,
      }),
      a2a({ kind: 'status-update', taskId: 't', status: { state: 'completed' }, final: true }),
    ],
  },
  {
    name: 'MCP result',
    source: 'npm @modelcontextprotocol/sdk 1.32.2, CallToolResult',
    whole: (text) => [
      named('message', { jsonrpc: '2.0', method: 'notifications/progress', params: { progress: 1, message: 'half' } }),
      named('message', { jsonrpc: '2.0', id: 1, result: { content: [{ type: 'text', text }], isError: false } }),
    ],
    failure: [{ jsonrpc: '2.0', id: 1, result: { content: [{ type: 'text', text: 'it broke' }], isError: true } }],
  },
  {
    name: 'Bedrock Agents chunks',
    source: 'npm @aws-sdk/client-bedrock-agent-runtime 3.1164.0, PayloadPart as JSON',
    pieces: (texts) => bytesOf(texts).map((bytes) => ({ chunk: { bytes: bytes.toString('base64') } })),
    whole: () => [{ trace: { agentId: 'A', trace: { orchestrationTrace: { rationale: { text: 'Hm.' } } } } }],
    wholeNeedsPieces: true,
    failure: [{ throttlingException: { message: 'it broke' } }],
  },
  {
    name: 'Dify, chat',
    source: 'langgenius/dify API docs: chat-messages, streaming mode',
    pieces: (texts) => [
      dify('workflow_started', { data: { inputs: { text: 'a question' } } }),
      ...texts.map((answer) => dify('message', { answer })),
    ],
    whole: (answer) => [
      dify('node_finished', { data: { status: 'succeeded', outputs: { text: 'of a node' }, error: null } }),
      dify('workflow_finished', { data: { status: 'succeeded', outputs: { answer }, error: null } }),
      dify('message_end', { metadata: { usage: { prompt_tokens: 3, completion_tokens: 2 } } }),
    ],
    failure: [dify('error', { status: 400, code: 'invalid_param', message: 'it broke' })],
  },
  {
    name: 'Dify, workflow and agent',
    source: 'langgenius/dify API docs: text_chunk, agent_message, agent_thought',
    pieces: (texts) => [
      dify('agent_thought', { thought: 'Hm.', observation: 'a secret', tool: 'search' }),
      ...texts.map((text) => dify('text_chunk', { data: { text, from_variable_selector: ['1', 'text'] } })),
    ],
    whole: (text) => [dify('workflow_finished', { data: { status: 'succeeded', outputs: { text } } })],
    failure: [dify('workflow_finished', { data: { status: 'failed', error: 'it broke' } })],
  },
  {
    name: 'Langflow',
    source: 'langflow docs, api-flows-run.mdx: streaming',
    pieces: (texts) => [
      langflowMessage('a question', 'User'),
      ...texts.map((chunk) => ({ event: 'token', data: { chunk, id: 'i', timestamp: 't' } })),
    ],
    whole: (text) => [
      langflowMessage(text, 'Machine'),
      {
        event: 'end',
        data: {
          result: {
            session_id: 's',
            outputs: [
              {
                inputs: { input_value: 'a question' },
                outputs: [{ results: { message: { text_key: 'text', data: { text } } } }],
              },
            ],
          },
        },
      },
    ],
    failure: [{ event: 'error', data: { error: 'it broke' } }],
  },
  {
    name: 'Flowise',
    source: 'docs.flowiseai.com, "Streaming"',
    pieces: (texts) => [{ event: 'start', data: texts[0] }, ...texts.map((data) => ({ event: 'token', data }))],
    whole: () => [
      { event: 'metadata', data: { chatId: 'c', question: 'a question' } },
      { event: 'sourceDocuments', data: [{ pageContent: 'a source' }] },
      { event: 'end', data: '[DONE]' },
    ],
    wholeNeedsPieces: true,
    failure: [{ event: 'error', data: 'it broke' }],
  },
  {
    name: 'Google ADK, streaming',
    source: 'npm @google/adk 2.0.0, events/event.d.ts and models/llm_response.d.ts',
    pieces: (texts) => texts.map((text) => adk(text, { partial: true })),
    whole: (text) => [
      adk(text, { partial: false, finishReason: 'STOP', usageMetadata: { promptTokenCount: 3, candidatesTokenCount: 2 } }),
    ],
    failure: [{ errorCode: 'RESOURCE_EXHAUSTED', errorMessage: 'it broke', invocationId: 'e-1', author: 'root_agent', id: 'x' }],
  },
  {
    name: 'Google ADK, whole events in Python names',
    source: 'adk-python, Event.model_dump(): invocation_id, turn_complete',
    whole: (text) => [
      { content: { parts: [{ text: 'a question' }], role: 'user' }, invocation_id: 'e-1', author: 'user', id: 'w' },
      {
        content: { parts: [{ function_call: { id: 'f', name: 'search', args: {} } }], role: 'model' },
        invocation_id: 'e-1',
        author: 'agent',
        id: 'y',
      },
      {
        content: { parts: [{ function_response: { id: 'f', name: 'search', response: { result: 'a secret' } } }], role: 'user' },
        invocation_id: 'e-1',
        author: 'agent',
        id: 'z',
      },
      {
        content: { parts: [{ text }], role: 'model' },
        partial: null,
        turn_complete: null,
        error_code: null,
        error_message: null,
        invocation_id: 'e-1',
        author: 'agent',
        id: 'x',
      },
    ],
  },
];
