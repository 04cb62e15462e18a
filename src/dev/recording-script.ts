import type { AgentScript, ScriptFrame } from '../emulator/index.ts';
import { EVENT_END, KEEP_ALIVE, LONGEST_EVENT_END, NUDGE } from '../protocol.ts';
import type { Recording } from '../stream/parse-recording.ts';

/**
 * A recorded answer as an agent gives it again behind the same function: its chunks with their times, without the
 * heartbeats and nudges, since the function adds its own. Only a stream that was received to its end has one; every other breaks off where the recording does. A
 * recorded refusal becomes an agent that fails with that status.
 */
export function toAgentScript({ parts, ending, endedAtMs }: Recording): AgentScript {
  const head = parts.find((part) => part.type === 'headers');
  const chunks = parts.filter((part) => part.type === 'chunk');
  const contentType = head?.headers['content-type'] ?? EVENT_STREAM;
  const recorded = chunks.map(({ bytes }) => bytes);
  const bodies = contentType.startsWith(EVENT_STREAM) ? withoutComments(recorded) : recorded;
  let atMs = 0;
  const frame = (nextAtMs: number, bytes: Uint8Array): ScriptFrame => {
    const delayMs = Math.max(0, nextAtMs - atMs);
    atMs = nextAtMs;
    return { delayMs, bytes };
  };
  return {
    contentType,
    ...(head && { status: head.status }),
    frames: [
      ...chunks.map(({ at }, index) => frame(at, bodies[index] ?? NOTHING)),
      frame(endedAtMs, NOTHING),
    ],
    ends: ending === 'end' ? 'end' : 'cut',
  };
}

const EVENT_STREAM = 'text/event-stream';
const NOTHING = new Uint8Array();

/** Takes the function's comments out of a body, however chunks split it, and nothing that only looks like one within an event. */
function withoutComments(chunks: readonly Uint8Array[]): Uint8Array[] {
  const body = Buffer.concat(chunks);
  const kept = new Uint8Array(body.length).fill(1);
  for (const comment of [KEEP_ALIVE, NUDGE]) {
    for (
      let start = body.indexOf(comment);
      start !== -1;
      start = body.indexOf(comment, start + comment.length)
    ) {
      const before = body.toString('latin1', Math.max(0, start - LONGEST_EVENT_END), start);
      if (before === '' || EVENT_END.test(before)) kept.fill(0, start, start + comment.length);
    }
  }
  let offset = 0;
  return chunks.map((chunk) => {
    const from = offset;
    offset += chunk.length;
    return chunk.filter((_, index) => kept[from + index] === 1);
  });
}
