import type { AgentEvent } from './agent-event.ts';
import { isJsonObject, type JsonObject } from './json-value.ts';
import { createToolCalls, type Shape, type ToolCalls, usageEvent } from './shape.ts';

const TYPE = /^(?:TEXT_MESSAGE|TOOL_CALL|RUN|STEP|STATE|MESSAGES|ACTIVITY|REASONING|THINKING|SUBAGENT)_[A-Z_]+$|^(?:RAW|CUSTOM)$/;

/** The Agent-User Interaction protocol (docs.ag-ui.com, "Events"): objects with an upper-case `type`. */
export function createAgUi(): Shape {
  const tools = createToolCalls();
  return (value) => {
    if (!isJsonObject(value)) return undefined;
    const { type } = value;
    // A list of messages like any other.
    if (type === 'MESSAGES_SNAPSHOT') return undefined;
    return typeof type === 'string' && TYPE.test(type) ? read(type, value, tools) : undefined;
  };
}

function read(type: string, value: JsonObject, tools: ToolCalls): readonly AgentEvent[] {
  const { delta, message, code } = value;
  switch (type) {
    case 'TEXT_MESSAGE_START':
      return tools.endAll();
    case 'TEXT_MESSAGE_CONTENT':
    case 'TEXT_MESSAGE_CHUNK':
      return typeof delta === 'string' ? [{ type: 'text-delta', text: delta }] : [];
    case 'REASONING_MESSAGE_CONTENT':
    case 'REASONING_MESSAGE_CHUNK':
    // The name before version 1.0 of the protocol.
    case 'THINKING_TEXT_MESSAGE_CONTENT':
      return typeof delta === 'string' ? [{ type: 'reasoning-delta', text: delta }] : [];
    case 'TOOL_CALL_START':
    case 'TOOL_CALL_CHUNK':
      return tools.start(value['toolCallName'], value['toolCallId']);
    case 'TOOL_CALL_RESULT':
      return tools.end(value['toolCallId']);
    case 'RUN_FINISHED':
      return [...readUsage(value), ...tools.endAll(), { type: 'finish' }];
    case 'RUN_ERROR':
      return [
        ...readUsage(value),
        {
          type: 'error',
          message: typeof message === 'string' ? message : 'the run failed',
          ...(typeof code === 'string' && { code }),
        },
      ];
    default:
      return [];
  }
}

/** A run's end lists what each model has used. */
function readUsage({ usage }: JsonObject): readonly AgentEvent[] {
  return Array.isArray(usage) ? usage.flatMap((entry: unknown) => usageEvent(entry, ['inputTokens', 'outputTokens'])) : [];
}
