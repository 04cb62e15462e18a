import type { AgentEvent } from './agent-event.ts';
import { createBedrockConverse } from './bedrock-converse.ts';
import { isJsonObject, type JsonObject } from './json-value.ts';
import { contentText, createFirstSource, createToolCalls, type Shape } from './shape.ts';

/** Members that name an event of `stream_async` which says nothing to a reader (Strands, "Stream event types"). */
const FRAMING = [
  'init_event_loop',
  'start_event_loop',
  'start',
  'event_loop_throttled_delay',
  'tool_stream_event',
  'reasoning',
  'callback',
  'complete',
  'multi_agent_node_start',
  'multi_agent_node_complete',
  'multi_agent_handoff',
] as const;

/**
 * Reads what `stream_async` of Strands Agents for Python yields: an object whose members tell its kind. The same text comes as the
 * model's raw event (`event`), as a digest (`data`, `reasoningText`) and in the whole `message`.
 */
export function createStrandsPython(): Shape {
  const tools = createToolCalls();
  const converse = createBedrockConverse(tools);
  const counts = createFirstSource();
  let finished = false;

  const ifCounts = (way: 'event' | 'data' | 'message', events: readonly AgentEvent[]): readonly AgentEvent[] =>
    events.filter((event) => (event.type !== 'text-delta' && event.type !== 'reasoning-delta') || counts(way));

  const readMessage = (message: JsonObject): readonly AgentEvent[] => {
    if (message['role'] === 'assistant') {
      const text = contentText(message['content']);
      return text === '' ? [] : ifCounts('message', [{ type: 'text-delta', text }]);
    }
    const blocks: readonly unknown[] = Array.isArray(message['content']) ? message['content'] : [];
    return blocks.flatMap((block) => {
      const result = isJsonObject(block) ? block['toolResult'] : undefined;
      return isJsonObject(result) ? tools.end(result['toolUseId']) : [];
    });
  };

  const read: Shape = (value) => {
    if (!isJsonObject(value)) return undefined;
    const { event, data, message } = value;
    if (isJsonObject(event)) {
      const events = converse(event);
      finished ||= events?.some(({ type }) => type === 'finish') ?? false;
      if (events) return ifCounts('event', events);
      // An event of one agent of several has the agent's own event inside.
      return isNodeStream(value) ? read(event) : undefined;
    }
    if (typeof data === 'string' && 'delta' in value) {
      return ifCounts('data', [{ type: 'text-delta', text: data }]);
    }
    if (typeof value['reasoningText'] === 'string') {
      return ifCounts('data', [{ type: 'reasoning-delta', text: value['reasoningText'] }]);
    }
    if (isJsonObject(value['current_tool_use'])) {
      const { name, toolUseId } = value['current_tool_use'];
      return tools.start(name, toolUseId);
    }
    if (value['force_stop'] === true) {
      const reason = value['force_stop_reason'];
      return [{ type: 'error', message: typeof reason === 'string' ? reason : 'forced to stop' }];
    }
    if (isJsonObject(message) && 'content' in message && typeof message['role'] === 'string') {
      return readMessage(message);
    }
    if (isJsonObject(value['result']) && 'stop_reason' in value['result']) {
      const last = value['result']['message'];
      return [
        ...tools.endAll(),
        ...(isJsonObject(last) ? readMessage(last) : []),
        ...(finished ? [] : [{ type: 'finish' } as const]),
      ];
    }
    return FRAMING.some((name) => name in value) ? [] : undefined;
  };
  return (value) => read(value) ?? converse(value);
}

/** The first releases marked it by a member, later ones by `type`. */
function isNodeStream(value: JsonObject): boolean {
  return value['multi_agent_node_stream'] === true || value['type'] === 'multiagent_node_stream';
}

/** Members that a Strands event begins with, when Python printed it (`repr`) since it holds what JSON cannot. */
const STRANDS_REPR =
  /^\{'(?:init_event_loop|start|start_event_loop|event|data|delta|reasoningText|reasoningRedactedContent|reasoning_signature|current_tool_use|callback|message|result|tool_stream_event)': .*\}$/s;
const DATA = /^\{'data': ('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"), 'delta': /s;
const ESCAPE = /\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|(.))/gs;
const CONTROL: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

/**
 * The Python SDK of AgentCore turns an event that is not JSON into the text that Python prints for it
 * (`_safe_serialize_to_json_string`); so Strands' text events look, since they hold the agent itself. No person should see that.
 * @returns undefined when the text is an ordinary one; else the event's members that can be read
 */
export function readPythonRepr(text: string): { readonly data?: string } | undefined {
  if (!text.startsWith("{'") || !STRANDS_REPR.test(text)) return undefined;
  const literal = DATA.exec(text)?.[1];
  return literal === undefined ? {} : { data: unquote(literal) };
}

/** A Python string literal's text (Python language reference, "Escape sequences"). */
function unquote(literal: string): string {
  return literal.slice(1, -1).replace(ESCAPE, (_all, x?: string, u?: string, U?: string, one?: string) => {
    const code = x ?? u ?? U;
    if (code !== undefined) return String.fromCodePoint(Number.parseInt(code, 16));
    return CONTROL[one ?? ''] ?? one ?? '';
  });
}
