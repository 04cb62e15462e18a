import { finishIn } from './facts.ts';
import { membersOf } from './members.ts';
import type { AgentEvent } from './agent-event.ts';
import { isJsonObject, type JsonObject } from './json-value.ts';
import { className } from './roles.ts';
import { contentText, createToolCalls, type Reading, type Shape, type ToolCalls, usageEvent } from './shape.ts';

/** Message classes and their `type` members (langchain_core.messages). */
const KINDS: Readonly<Record<string, 'chunk' | 'whole' | 'tool' | 'other'>> = {
  AIMessageChunk: 'chunk',
  AIMessage: 'whole',
  ai: 'whole',
  ToolMessage: 'tool',
  ToolMessageChunk: 'tool',
  tool: 'tool',
  HumanMessage: 'other',
  HumanMessageChunk: 'other',
  human: 'other',
  SystemMessage: 'other',
  SystemMessageChunk: 'other',
  system: 'other',
};

/**
 * Reads LangGraph's stream mode `messages`: `[message, metadata]`, or `["messages", [message, metadata]]` when several modes
 * are on, with the namespace of a subgraph before it; or a LangChain message alone. Python dumps a message flat with its `type`, JavaScript as `{"lc": 1, "id", "kwargs"}`.
 */
export function createLangGraph(): Shape {
  const tools = createToolCalls();

  return (value) => {
    const message = readMessage(value);
    if (message === undefined) return undefined;
    const { kind, members } = message;
    switch (kind) {
      case 'chunk':
      case 'whole': {
        const text = contentText(members['content']);
        return [
          ...readReasoning(members['content']),
          ...(text === '' ? [] : tools.endAll()),
          ...said(kind, text, members['id']),
          ...readToolCalls(members, tools),
          ...usageEvent(members['usage_metadata'], ['input_tokens', 'output_tokens']),
          ...readEnd(members['response_metadata']),
        ];
      }
      case 'tool':
        return tools.end(members['tool_call_id']);
      default:
        return [];
    }
  };
}

/** A model call that came to a bad end; that one stopped says nothing of the graph. */
function readEnd(metadata: unknown): readonly Reading[] {
  const end = isJsonObject(metadata) ? finishIn(membersOf(metadata)) : undefined;
  return end && !(end.type === 'finish' && end.reason === 'stop') ? [end] : [];
}

function said(kind: 'chunk' | 'whole', text: string, id: unknown): readonly Reading[] {
  if (text === '') return [];
  return kind === 'chunk' ? [{ type: 'text-delta', text }] : [{ type: 'whole', text, ...(typeof id === 'string' && { id }) }];
}

type Message = { readonly kind: string; readonly members: JsonObject };

function readMessage(value: unknown): Message | undefined {
  if (Array.isArray(value) && (value.length === 2 || value.length === 3)) {
    const [first, second] = value.slice(-2) as [unknown, unknown];
    if (first === 'messages') return readMessage(second);
    return typeof first !== 'string' && isJsonObject(second) && value.length === 2 ? readMessage(first) : undefined;
  }
  if (!isJsonObject(value)) return undefined;
  const { lc, id, kwargs } = value;
  if (lc === 1 && Array.isArray(id) && isJsonObject(kwargs)) {
    const kind = KINDS[className(id)];
    return kind && { kind, members: kwargs };
  }
  const type = value['type'] ?? value['@class'];
  const kind = typeof type === 'string' ? KINDS[type] : undefined;
  return kind && 'content' in value ? { kind, members: value } : undefined;
}

/** Reasoning blocks: `reasoning_content` (langchain-aws), `thinking` (langchain-anthropic), `reasoning` (standard blocks). */
function readReasoning(content: unknown): readonly AgentEvent[] {
  if (!Array.isArray(content)) return [];
  return content.flatMap((block: unknown) => {
    if (!isJsonObject(block)) return [];
    const inner = block['reasoning_content'];
    const text = (isJsonObject(inner) ? inner['text'] : undefined) ?? block['thinking'] ?? block['reasoning'];
    return typeof text === 'string' && text !== '' ? [{ type: 'reasoning-delta', text }] : [];
  });
}

function readToolCalls(members: JsonObject, tools: ToolCalls): readonly AgentEvent[] {
  return [members['tool_call_chunks'], members['tool_calls']].flatMap((calls) =>
    Array.isArray(calls)
      ? calls.flatMap((call: unknown) =>
          isJsonObject(call) && typeof call['id'] === 'string' ? tools.start(call['name'], call['id']) : [],
        )
      : [],
  );
}
