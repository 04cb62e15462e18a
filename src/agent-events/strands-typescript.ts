import { finishEvent } from './facts.ts';
import { isJsonObject, type JsonObject } from './json-value.ts';
import { contentText, createToolCalls, type Reading, type Shape, usageEvent } from './shape.ts';

/** How types of this SDK begin and end: `modelStreamUpdateEvent`, `afterToolCallEvent`, `agentResultEvent`, ... */
const TYPE = /^(?:model|before|after|tool|agent|message|content|initialized)\w*Event(?:Hook)?$/;

/**
 * Reads what `agent.stream` of Strands Agents for TypeScript yields (npm @strands-agents/sdk): objects with a `type`. Model events come
 * inside `modelStreamUpdateEvent`, in early versions bare. Whole content blocks and messages repeat their text.
 */
export function createStrandsTypeScript(): Shape {
  const tools = createToolCalls();

  const whole = (text: string): readonly Reading[] => (text === '' ? [] : [{ type: 'whole', text }]);

  const readDelta = (delta: JsonObject): readonly Reading[] => {
    const { type, text } = delta;
    if (typeof text !== 'string') return [];
    if (type === 'textDelta') return [{ type: 'text-delta', text }];
    return type === 'reasoningContentDelta' ? [{ type: 'reasoning-delta', text }] : [];
  };

  const readModelEvent = (event: JsonObject): readonly Reading[] => {
    switch (event['type']) {
      case 'modelMessageStartEvent':
        return tools.endAll();
      case 'modelContentBlockStartEvent': {
        const { start } = event;
        return isJsonObject(start) && start['type'] === 'toolUseStart' ? tools.start(start['name'], start['toolUseId']) : [];
      }
      case 'modelContentBlockDeltaEvent':
        return isJsonObject(event['delta']) ? readDelta(event['delta']) : [];
      case 'modelMetadataEvent':
        return usageEvent(event['usage'], ['inputTokens', 'outputTokens']);
      default:
        return [];
    }
  };

  return (value) => {
    if (!isJsonObject(value)) return undefined;
    const { type } = value;
    if (typeof type !== 'string' || !TYPE.test(type)) return undefined;
    switch (type) {
      case 'modelStreamUpdateEvent':
        return isJsonObject(value['event']) ? readModelEvent(value['event']) : [];
      case 'beforeToolCallEvent': {
        const { toolUse } = value;
        return isJsonObject(toolUse) ? tools.start(toolUse['name'], toolUse['toolUseId']) : [];
      }
      case 'afterToolCallEvent': {
        const { toolUse } = value;
        return isJsonObject(toolUse) ? tools.end(toolUse['toolUseId']) : [];
      }
      case 'contentBlockEvent': {
        const { contentBlock } = value;
        return whole(contentText([contentBlock]));
      }
      case 'agentResultEvent': {
        const { result } = value;
        const message = isJsonObject(result) ? result['lastMessage'] : undefined;
        const text = isJsonObject(message) ? contentText(message['content']) : '';
        return [...tools.endAll(), ...whole(text), ...finishEvent(isJsonObject(result) ? result['stopReason'] : undefined)];
      }
      default:
        return readModelEvent(value);
    }
  };
}
