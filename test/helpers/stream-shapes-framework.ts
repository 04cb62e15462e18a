import { growing, named, type StreamShape } from './stream-shape.ts';

const ai = (content: string, id = 'run-1') => ({
  content,
  additional_kwargs: {},
  response_metadata: {},
  type: 'ai',
  name: null,
  id,
  tool_calls: [],
});
const human = { content: 'a question', type: 'human', id: 'h-1' };
const lgEvent = (event: string, data: unknown) => ({
  event,
  data,
  name: 'ChatBedrock',
  run_id: 'r',
  metadata: { langgraph_node: 'agent' },
});
const autogen = (type: string, content: unknown, source = 'assistant') => ({
  id: `${type}-${source}`,
  source,
  models_usage: null,
  metadata: {},
  content,
  type,
});

/** Shapes of agent frameworks. */
export const FRAMEWORK_SHAPES: readonly StreamShape[] = [
  {
    name: 'pydantic-ai',
    source: 'pydantic.dev/docs/ai, pydantic_ai.messages: PartStartEvent, PartDeltaEvent, PartEndEvent, AgentRunResultEvent',
    pieces: ([first = '', ...rest]) => [
      { index: 0, part: { content: first, id: null, part_kind: 'text' }, event_kind: 'part_start' },
      { tool_name: null, tool_call_id: null, event_kind: 'final_result' },
      ...rest.map((content_delta) => ({ index: 0, delta: { content_delta, part_delta_kind: 'text' }, event_kind: 'part_delta' })),
    ],
    whole: (text) => [
      { index: 0, part: { content: text, part_kind: 'text' }, event_kind: 'part_end' },
      { part: { tool_name: 'search', args: '{}', tool_call_id: 'c1', part_kind: 'tool-call' }, event_kind: 'function_tool_call' },
      {
        result: { tool_name: 'search', content: 'a secret', tool_call_id: 'c1', part_kind: 'tool-return' },
        event_kind: 'function_tool_result',
      },
      { result: { output: text }, event_kind: 'agent_run_result' },
    ],
  },
  {
    name: 'LangGraph, updates',
    source:
      'docs.langchain.com/oss/python/langgraph/streaming, stream mode updates; langchain-ai/langgraphjs, libs/sdk/src/types.stream.ts: UpdatesStreamEvent',
    whole: (text) => [
      { agent: { messages: [{ ...ai('', 'run-0'), tool_calls: [{ name: 'search', id: 'c1', args: {}, type: 'tool_call' }] }] } },
      { tools: { messages: [{ content: 'a secret', type: 'tool', tool_call_id: 'c1' }] } },
      { agent: { messages: [ai(text)] } },
    ],
  },
  {
    name: 'LangGraph, values',
    source:
      'docs.langchain.com/oss/python/langgraph/streaming, stream mode values; langchain-ai/langgraphjs, libs/sdk/src/types.stream.ts: ValuesStreamEvent',
    whole: (text) => [{ messages: [human] }, { messages: [human, ai(text)] }, { messages: [human, ai(text)] }],
  },
  {
    name: 'LangGraph server, messages/partial',
    source: 'langchain-ai/langgraphjs, libs/sdk/src/types.stream.ts: MessagesStreamEvent, ErrorStreamEvent',
    pieces: (texts) => [
      named('metadata', { run_id: 'r' }),
      named('messages/metadata', { 'run-1': { metadata: {} } }),
      ...growing(texts).map((text) => named('messages/partial', [ai(text)])),
    ],
    whole: (text) => [named('messages/complete', [ai(text)]), named('end', 'null')],
    failure: [named('error', { error: 'ValueError', message: 'it broke' })],
  },
  {
    name: 'LangGraph, astream_events',
    source: 'langchain-ai/langchain, libs/core/langchain_core/runnables/schema.py: EventData, BaseStreamEvent',
    pieces: (texts) => [
      lgEvent('on_chain_start', { input: { messages: [human] } }),
      lgEvent('on_prompt_end', { output: { messages: [human, ai('of the prompt')] } }),
      ...texts.map((content) => lgEvent('on_chat_model_stream', { chunk: { content, type: 'AIMessageChunk', id: 'run-1' } })),
    ],
    whole: (text) => [
      lgEvent('on_chat_model_end', { output: ai(text) }),
      lgEvent('on_chain_stream', { chunk: { agent: { messages: [ai(text)] } } }),
      lgEvent('on_chain_end', { output: { messages: [human, ai(text)] } }),
    ],
    failure: [lgEvent('on_chain_error', { error: 'it broke' })],
  },
  {
    name: 'LangGraph, two stream modes',
    source: 'docs.langchain.com/oss/python/langgraph/streaming, several stream modes: tuples of mode and value',
    pieces: (texts) =>
      texts.map((content) => ['messages', [{ content, type: 'AIMessageChunk', id: 'run-1' }, { langgraph_node: 'agent' }]]),
    whole: (text) => [
      ['values', { messages: [human, ai(text)] }],
      ['updates', { agent: { messages: [ai(text)] } }],
    ],
  },
  {
    name: 'LlamaIndex',
    source:
      'run-llama/llama_index, llama-index-core/llama_index/core: workflow/context_serializers.py (envelope), agent/workflow/workflow_events.py',
    pieces: (texts) => [
      {
        __is_pydantic: true,
        value: { input: [{ role: 'user', blocks: [{ block_type: 'text', text: 'a question' }] }], current_agent_name: 'a' },
        qualified_name: 'llama_index.core.agent.workflow.workflow_events.AgentInput',
      },
      ...texts.map((delta, index) => ({
        __is_pydantic: true,
        value: { delta, response: texts.slice(0, index + 1).join(''), current_agent_name: 'a', tool_calls: [], raw: {} },
        qualified_name: 'llama_index.core.agent.workflow.workflow_events.AgentStream',
      })),
    ],
    whole: (text) => [
      {
        value: { response: { role: 'assistant', blocks: [{ block_type: 'text', text }] }, tool_calls: [] },
        qualified_name: 'llama_index.core.agent.workflow.workflow_events.AgentOutput',
      },
    ],
  },
  {
    name: 'LlamaIndex, flat events',
    source:
      'run-llama/llama_index, llama-index-core/llama_index/core/agent/workflow/workflow_events.py: AgentStream.model_dump()',
    pieces: (texts) =>
      texts.map((delta, index) => ({
        delta,
        response: texts.slice(0, index + 1).join(''),
        current_agent_name: 'a',
        tool_calls: [],
        raw: null,
      })),
    whole: (text) => [
      { response: { role: 'assistant', blocks: [{ block_type: 'text', text }] }, current_agent_name: 'a', tool_calls: [] },
    ],
  },
  {
    name: 'AutoGen',
    source: 'microsoft/autogen, autogen_agentchat/messages.py and base/_task.py',
    pieces: (texts) => [
      autogen('TextMessage', 'a question', 'user'),
      ...texts.map((text) => autogen('ModelClientStreamingChunkEvent', text)),
    ],
    whole: (text) => [
      autogen('TextMessage', text),
      {
        messages: [autogen('TextMessage', 'a question', 'user'), autogen('ThoughtEvent', 'Hm.'), autogen('TextMessage', text)],
        stop_reason: null,
      },
    ],
  },
  {
    name: 'agno',
    source: 'agno-agi/agno, libs/agno/agno/run/agent.py',
    pieces: (texts) => [
      { event: 'RunStarted', run_id: 'r', model: 'm' },
      ...texts.map((content) => ({ event: 'RunContent', content, content_type: 'str', run_id: 'r' })),
    ],
    whole: (content) => [
      { event: 'RunContentCompleted', run_id: 'r' },
      { event: 'RunCompleted', content, content_type: 'str', run_id: 'r', metrics: { input_tokens: 3, output_tokens: 2 } },
    ],
    failure: [{ event: 'RunError', content: 'it broke', error_type: 'model_error', run_id: 'r' }],
  },
  {
    name: 'CrewAI, events',
    source: 'docs.crewai.com, "Streaming"; crewai/events/types/llm_events.py',
    pieces: (texts) => [
      { type: 'crew_kickoff_started', inputs: { text: 'a question' } },
      { type: 'llm_call_started', messages: [{ role: 'user', content: 'a question' }] },
      ...texts.map((chunk) => ({ type: 'llm_stream_chunk', chunk, call_id: 'c', task_name: 't' })),
    ],
    whole: (raw) => [
      { type: 'llm_call_completed', messages: [{ role: 'user', content: 'a question' }], response: raw, call_type: 'llm_call' },
      { type: 'task_completed', output: { description: 'd', raw, agent: 'a' } },
      { type: 'crew_kickoff_completed', output: { raw, tasks_output: [{ raw }] } },
    ],
    failure: [{ type: 'crew_kickoff_failed', error: 'it broke' }],
  },
  {
    name: 'CrewAI, chunks',
    source: 'docs.crewai.com, "Streaming Crew Execution"',
    pieces: (texts) =>
      texts.map((content) => ({
        content,
        chunk_type: 'text',
        task_index: 0,
        task_name: 't',
        agent_role: 'Analyst',
        tool_call: null,
      })),
    whole: (raw) => [
      {
        raw,
        pydantic: null,
        json_dict: null,
        tasks_output: [{ raw, name: 't' }],
        token_usage: { prompt_tokens: 3, completion_tokens: 2 },
      },
    ],
  },
];
