import { setTimeout as sleep } from 'node:timers/promises';
import type { Agent } from '../agent.ts';

/** An answer, byte by byte and moment by moment. */
export interface AgentScript {
  readonly contentType: string;
  /** HTTP status of the container; 200 unless given. */
  readonly status?: number;
  readonly frames: readonly ScriptFrame[];
  /** `cut`: breaks off after the last frame, as a container that dies does. */
  readonly ends: 'end' | 'cut';
}

export interface ScriptFrame {
  /** Since the frame before it, or since the invocation, ms. */
  readonly delayMs: number;
  /** None: only time passes. */
  readonly bytes: Uint8Array;
}

export interface ScriptOptions {
  /** How many times faster than written; `Infinity` writes everything at once. */
  readonly speed?: number;
  /** The time that the script plays in. */
  readonly clock?: ScriptClock;
}

export interface ScriptClock {
  /** Monotonic, ms. */
  now(): number;
  /** @throws when the signal is aborted */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

const REAL_CLOCK: ScriptClock = {
  now: () => performance.now(),
  sleep: (ms, signal) => sleep(ms, undefined, { signal }),
};

/**
 * Plays a script at every invocation. Frames have an absolute schedule: one that was late, since its reader was slow, makes the ones
 * after it no later.
 */
export function scriptedAgent(script: AgentScript, options: ScriptOptions = {}): Agent {
  const { speed = 1, clock = REAL_CLOCK } = options;
  return {
    async invoke({ signal }) {
      const { status = 200, contentType } = script;
      return { status, contentType, body: play(script, speed, clock, signal) };
    },
  };
}

async function* play(
  { frames, ends }: AgentScript,
  speed: number,
  clock: ScriptClock,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
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
