import type { AgentEvent } from './agent-event.ts';
import { isJsonObject, type JsonObject } from './json-value.ts';
import { createToolCalls, type Shape, type ToolCalls, usageEvent } from './shape.ts';

/**
 * Chunks of a chat completion (OpenAI API reference, "The chat completion chunk object"). The end mark `[DONE]` is no JSON: the
 * reader knows it, and agents that hand on chunks often leave it out. The chunk with the usage has no choices, or null.
 */
export function createOpenAiChunk(): Shape {
  const tools = createToolCalls();
  return (value) => {
    if (!isJsonObject(value)) return undefined;
    const choices: readonly unknown[] = Array.isArray(value['choices']) ? value['choices'] : [];
    const first = choices[0];
    const isChunk = value['object'] === 'chat.completion.chunk' || (isJsonObject(first) && 'delta' in first);
    if (!isChunk) return undefined;
    return [
      // The others are alternatives to the first.
      ...(isJsonObject(first) ? readChoice(first, tools) : []),
      ...usageEvent(value['usage'], ['prompt_tokens', 'completion_tokens']),
    ];
  };
}

function readChoice(choice: JsonObject, tools: ToolCalls): readonly AgentEvent[] {
  const delta = isJsonObject(choice['delta']) ? choice['delta'] : {};
  const text = [delta['content'], delta['refusal']].filter(isText).join('');
  // Not OpenAI's own: what DeepSeek, vLLM and OpenRouter add.
  const reasoning = [delta['reasoning_content'] ?? delta['reasoning']].filter(isText);
  const calls: readonly unknown[] = Array.isArray(delta['tool_calls']) ? delta['tool_calls'] : [];
  return [
    ...reasoning.map((text) => ({ type: 'reasoning-delta', text }) as const),
    ...(text === '' ? [] : [...tools.endAll(), { type: 'text-delta', text } as const]),
    ...calls.flatMap((call) => {
      const called = isJsonObject(call) ? call['function'] : undefined;
      return isJsonObject(call) && isJsonObject(called) ? tools.start(called['name'], call['id']) : [];
    }),
    ...(isEnd(choice['finish_reason']) ? [{ type: 'finish' } as const] : []),
  ];
}

/** `tool_calls` ends a message, not the answer. */
function isEnd(reason: unknown): boolean {
  return isText(reason) && reason !== 'tool_calls' && reason !== 'function_call';
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
