import type { AgentEvent } from '../../src/agent-events/agent-event.ts';

/** All that a stream says, in one line: `data | "Two " | +search c1 | -search c1 | usage 3/2 | finish stop`. */
export const eventLine = (events: readonly AgentEvent[]): string => events.map(wordsOf).join(' | ');

function wordsOf(event: AgentEvent): string {
  switch (event.type) {
    case 'text-delta':
      return JSON.stringify(event.text);
    case 'reasoning-delta':
      return `thinks ${JSON.stringify(event.text)}`;
    case 'tool-start':
      return said(`+${event.name}`, event.id);
    case 'tool-end':
      return said(`-${event.name ?? ''}`, event.id);
    case 'error':
      return said(`error ${event.message}`, event.code && `(${event.code})`);
    case 'usage':
      return `usage ${event.inputTokens ?? ''}/${event.outputTokens ?? ''}`;
    case 'finish':
      return said('finish', event.reason);
    case 'malformed':
      return `${event.problem}: ${event.detail}`;
    case 'data':
      return said('data', event.event === 'message' ? undefined : event.event);
    case 'heartbeat':
      return 'heartbeat';
  }
}

const said = (...words: readonly (string | undefined)[]): string => words.filter(Boolean).join(' ');
