import { isJsonObject } from './json-object.ts';

/**
 * Whether a value begins what its framework must end with a mark of its own: without that mark the agent broke off, though its
 * stream ended properly. Only begin marks that are always followed by an end mark count.
 */
export function opensRun(value: unknown): boolean {
  if (!isJsonObject(value)) return false;
  if (value['type'] === 'RUN_STARTED' || value['type'] === 'beforeInvocationEvent') return true;
  if (value['object'] === 'chat.completion.chunk') return hasRole(value['choices']);
  const event = isJsonObject(value['event']) ? value['event'] : value;
  return isJsonObject(event['messageStart']);
}

/** The first chunk of a message tells its role. */
function hasRole(choices: unknown): boolean {
  const [choice] = Array.isArray(choices) ? (choices as unknown[]) : [];
  return isJsonObject(choice) && isJsonObject(choice['delta']) && 'role' in choice['delta'];
}
