import { type Clock, REAL_CLOCK } from '../../kernel/clock.ts';
import type { Agent } from '../agent.ts';

/** An answer, byte by byte and moment by moment. */
export interface AgentScript {
  readonly contentType: string;
  /** HTTP status of the container; 200 unless given. */
  readonly status?: number;
  readonly frames: readonly ScriptFrame[];
  /** `cut`: breaks off after the last frame, like a container that dies. */
  readonly ends: 'end' | 'cut';
}

export interface ScriptFrame {
  /** Time since the previous frame, or since the invocation, ms. */
  readonly delayMs: number;
  /** Empty: only time passes. */
  readonly bytes: Uint8Array;
}

export interface ScriptOptions {
  /** How many times faster than written; `Infinity` writes everything at once. */
  readonly speed?: number;
  /** The time that the script plays in. */
  readonly clock?: Clock;
}

/** Plays a script at every invocation, on an absolute schedule: a slow reader delays no later frame. */
export function scriptedAgent(script: AgentScript, options: ScriptOptions = {}): Agent {
  const { speed = 1, clock = REAL_CLOCK } = options;
  return {
    async invoke({ signal }) {
      const { status = 200, contentType } = script;
      return { status, contentType, body: play(script, speed, clock, signal) };
    },
  };
}

async function* play({ frames, ends }: AgentScript, speed: number, clock: Clock, signal: AbortSignal) {
  let dueMs = clock.now();
  for (const { delayMs, bytes } of frames) {
    dueMs += delayMs / speed;
    const waitMs = dueMs - clock.now();
    if (waitMs > 0) await clock.sleep(waitMs, signal);
    signal.throwIfAborted();
    if (bytes.length > 0) yield bytes;
  }
  if (ends === 'cut') throw new Error('the script ends with a cut');
}
