import { finishEvent } from './facts.ts';
import { isJsonObject, type JsonObject } from './json-value.ts';
import { contentText, createFirstSource, type Reading, type Shape, type ToolCalls } from './shape.ts';

/** Members that name an event of `stream_async` which says nothing to a reader (Strands, "Stream event types"). */
const FRAMING = (
  'init_event_loop start_event_loop event_loop_throttled_delay tool_stream_event multi_agent_node_start multi_agent_node_complete ' +
  'multi_agent_handoff'
).split(' ');

/**
 * Reads what `stream_async` of Strands Agents for Python yields: an object whose members tell its kind. The same text comes as the
 * model's raw event (`event`), as a digest (`data`, `reasoningText`) and in the whole `message`.
 */
export function createStrandsPython(tools: ToolCalls, readEvent: Shape): Shape {
  const counts = createFirstSource();
  let finished = false;

  const ifCounts = (way: 'event' | 'data', readings: readonly Reading[]): readonly Reading[] =>
    readings.filter(({ type }) => (type !== 'text-delta' && type !== 'reasoning-delta') || counts(way));

  const readMessage = (message: JsonObject): readonly Reading[] => {
    if (message['role'] === 'assistant') {
      const text = contentText(message['content']);
      return text === '' ? [] : [{ type: 'whole', text }];
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
    if (isJsonObject(event) && (typeof value['type'] !== 'string' || isNodeStream(value))) {
      const events = readEvent(event);
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
    // With a `type` beside it, it is Claude's.
    if (isJsonObject(message) && Array.isArray(message['content']) && typeof message['role'] === 'string' && !('type' in value)) {
      return readMessage(message);
    }
    if (isJsonObject(value['result']) && 'stop_reason' in value['result']) {
      const last = value['result']['message'];
      return [
        ...tools.endAll(),
        ...(isJsonObject(last) ? readMessage(last) : []),
        ...(finished ? [] : finishEvent(value['result']['stop_reason'])),
      ];
    }
    return FRAMING.some((name) => name in value) ? [] : undefined;
  };
  return read;
}

/** The first releases marked it by a member, later ones by `type`. */
function isNodeStream(value: JsonObject): boolean {
  return value['multi_agent_node_stream'] === true || value['type'] === 'multiagent_node_stream';
}
