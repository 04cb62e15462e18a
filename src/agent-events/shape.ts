import type { AgentEvent } from './agent-event.ts';

/**
 * Reads one kind of stream. It keeps what it must know of the events before, so each stream has its own.
 * @param value a JSON value of the stream
 * @returns what the value says, nothing when it is framing, undefined when it is of another kind
 */
export type Shape = (value: unknown) => readonly AgentEvent[] | undefined;
