import { growing, named, type StreamShape } from './stream-shape.ts';

const python = (text: string): string =>
  `'${text.replace(/[\\']/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t')}'`;

/** Shapes of agents without a framework, and events that were written once too often. */
export const PLAIN_SHAPES: readonly StreamShape[] = [
  {
    name: 'a list of messages',
    source: 'agents that return the conversation: OpenAI, Strands and LangChain messages',
    whole: (text) => [
      [
        { role: 'user', content: 'a question' },
        { role: 'assistant', content: [{ text }] },
      ],
    ],
  },
  {
    name: "what Python prints of Claude's messages",
    source: 'anthropics/claude-agent-sdk-python, src/claude_agent_sdk/types.py: dataclasses, as Python prints them',
    whole: (text) => [
      `AssistantMessage(content=[TextBlock(text=${python(text)})], model='m', parent_tool_use_id=None)`,
      `ResultMessage(subtype='success', duration_ms=10, is_error=False, result=${python(text)})`,
    ],
    failure: ["ResultMessage(subtype='success', is_error=True, result='it broke')"],
  },
  {
    name: 'what Python prints of LangChain chunks',
    source:
      'langchain-ai/langchain, libs/core/langchain_core/load/serializable.py: repr() of pydantic, in tuples of message and metadata',
    pieces: (texts) =>
      texts.map((text) => `(AIMessageChunk(content=${python(text)}, additional_kwargs={}, id='run-1'), {'langgraph_step': 1})`),
    whole: (text) => [`{'agent': {'messages': [AIMessage(content=${python(text)}, id='run-1')]}}`],
  },
  {
    name: 'what Python prints of a LangChain chunk as text',
    source: 'langchain-ai/langchain, libs/core/langchain_core/load/serializable.py: str() of pydantic',
    pieces: (texts) => texts.map((text) => `content=${python(text)} additional_kwargs={} response_metadata={} id='run-1'`),
  },
  {
    name: 'JSON within a string',
    source: 'yield json.dumps({...}) with bedrock_agentcore/runtime/app.py',
    pieces: (texts) => texts.map((content) => JSON.stringify({ type: 'text', content })),
    whole: (content) => [JSON.stringify({ type: 'final', content })],
    failure: [JSON.stringify({ error: 'it broke' })],
  },
  {
    name: 'an event stream within a string',
    source: 'yield f"data: {json.dumps({...})}\\n\\n" with bedrock_agentcore/runtime/app.py',
    pieces: (texts) => texts.map((text) => `event: chunk\ndata: ${JSON.stringify({ text })}\n\n`),
    whole: () => ['data: [DONE]\n\n'],
    wholeNeedsPieces: true,
    failure: ['event: error\ndata: it broke\n\n'],
  },
  ...['token', 'message', 'chunk', 'output', 'answer', 'text', 'content', 'response', 'delta', 'data', 'Token'].map((member) => ({
    name: `plain objects: ${member}`,
    source: 'agents without a framework',
    pieces: (texts: readonly string[]) => texts.map((text) => ({ [member]: text })),
    whole: (text: string) => [{ type: 'done', content: text }],
    failure: [{ type: 'error', message: 'it broke' }],
  })),
  {
    name: 'plain objects under a name',
    source: 'agents without a framework',
    pieces: (texts) => texts.map((text) => named('token', { text })),
    whole: (text) => [named('final_answer', { text }), named('done', {})],
    failure: [named('exception', { detail: 'it broke' })],
  },
  {
    name: 'all of the text so far',
    source: 'agents that yield what they have gathered: Gradio and Streamlit handlers',
    pieces: (texts) => growing(texts).map((content) => ({ content })),
    whole: (content) => [{ content, done: true }],
    failure: [{ status: 'error', message: 'it broke' }],
  },
];
