import type { AgentEvent } from './agent-event.ts';
import { isJsonObject } from './json-object.ts';

/**
 * Token counts of a model call.
 * @param value an object whose members have these names; anything else gives nothing
 */
export function usageEvent(
  value: unknown,
  [inputName, outputName]: readonly [string, string],
): readonly AgentEvent[] {
  if (!isJsonObject(value)) return [];
  const inputTokens = value[inputName];
  const outputTokens = value[outputName];
  if (typeof inputTokens !== 'number' && typeof outputTokens !== 'number') return [];
  return [
    {
      type: 'usage',
      ...(typeof inputTokens === 'number' && { inputTokens }),
      ...(typeof outputTokens === 'number' && { outputTokens }),
    },
  ];
}
