import type { AgentEvent } from './agent-event.ts';
import { finishEvent } from './facts.ts';
import { isJsonObject, type JsonObject } from './json-value.ts';
import { type Shape, type ToolCalls, usageEvent } from './shape.ts';

/**
 * Events of Bedrock's ConverseStream (API reference, ConverseStreamOutput): each an object with one member. Strands sends them as
 * they are, in `event`.
 */
export function createBedrockConverse(tools: ToolCalls): Shape {
  return (value) => {
    if (!isJsonObject(value)) return undefined;
    if (isJsonObject(value['contentBlockDelta'])) return readDelta(value['contentBlockDelta']);
    if (isJsonObject(value['contentBlockStart'])) {
      const { start } = value['contentBlockStart'];
      const toolUse = isJsonObject(start) ? start['toolUse'] : undefined;
      return isJsonObject(toolUse) ? tools.start(toolUse['name'], toolUse['toolUseId']) : [];
    }
    // A content block that ends ends the tool's arguments, not its run.
    if (isJsonObject(value['contentBlockStop'])) return [];
    if (isJsonObject(value['messageStart'])) return tools.endAll();
    if (isJsonObject(value['messageStop'])) {
      return finishEvent(value['messageStop']['stopReason']);
    }
    const isAlone = Object.keys(value).length === 1;
    if (isAlone && isJsonObject(value['metadata']) && isJsonObject(value['metadata']['usage'])) {
      return usageEvent(value['metadata']['usage'], ['inputTokens', 'outputTokens']);
    }
    return readException(value);
  };
}

function readDelta({ delta }: JsonObject): readonly AgentEvent[] {
  if (!isJsonObject(delta)) return [];
  if (typeof delta['text'] === 'string') return [{ type: 'text-delta', text: delta['text'] }];
  const reasoning = delta['reasoningContent'];
  return isJsonObject(reasoning) && typeof reasoning['text'] === 'string'
    ? [{ type: 'reasoning-delta', text: reasoning['text'] }]
    : [];
}

/** `{"throttlingException": {"message": "..."}}` and its like: how this stream says that it has failed. */
function readException(value: JsonObject): readonly AgentEvent[] | undefined {
  const entries = Object.entries(value);
  const [name, detail] = entries[0] ?? [];
  if (entries.length !== 1 || !name?.endsWith('Exception') || !isJsonObject(detail)) {
    return undefined;
  }
  const message = typeof detail['message'] === 'string' ? detail['message'] : name;
  return [{ type: 'error', message, code: name }];
}
