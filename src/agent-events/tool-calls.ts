import type { AgentEvent } from './agent-event.ts';

/** The tool calls of a stream that are under way. */
export interface ToolCalls {
  /** A call was named. Frameworks repeat it with every piece of its arguments: only the first counts. */
  start(name: unknown, id: unknown): readonly AgentEvent[];
  /** A result came. */
  end(id: unknown): readonly AgentEvent[];
  /** The model goes on: whatever was under way has its result, though the stream did not show it. */
  endAll(): readonly AgentEvent[];
}

/** Most calls whose names are kept: a stream that never ends its calls must not grow. */
const MAX_OPEN = 1_000;

export function createToolCalls(): ToolCalls {
  const open = new Map<string, string>();
  return {
    start(name, id) {
      if (typeof name !== 'string' || name === '') return [];
      if (typeof id !== 'string' || id === '') return [{ type: 'tool-start', name }];
      if (open.has(id) || open.size >= MAX_OPEN) return [];
      open.set(id, name);
      return [{ type: 'tool-start', name, id }];
    },
    end(id) {
      if (typeof id !== 'string') return [];
      const name = open.get(id);
      open.delete(id);
      return name === undefined ? [] : [{ type: 'tool-end', name, id }];
    },
    endAll() {
      if (open.size === 0) return [];
      const events = [...open].map(([id, name]) => ({ type: 'tool-end', name, id }) as const);
      open.clear();
      return events;
    },
  };
}
