import { OperationError } from '../cli/errors.ts';

/** Timeouts of a client, ms. Undefined or 0: no timeout. */
export interface TurnTimeouts {
  /** Until the connection stands, TLS included. */
  readonly connectMs?: number | undefined;
  /** From sending the request to the first byte of the body. */
  readonly firstByteMs?: number | undefined;
  /** Between two reads of the body. */
  readonly silenceMs?: number | undefined;
  /** From sending the request to the end of the answer. */
  readonly totalMs?: number | undefined;
}

/** The one timer that is on by default. */
export const CONNECT_TIMEOUT_MS = 10_000;

/** Timeout of the call that stops a session, ms. */
export const STOP_TIMEOUT_MS = 30_000;

type TimerName = 'connect' | 'firstByte' | 'silence' | 'total';

const MEANING: Readonly<Record<TimerName, (seconds: string) => string>> = {
  connect: (time) => `the connect timer ran out: no connection within ${time}`,
  firstByte: (time) => `the first-byte timer ran out: no byte of an answer within ${time}`,
  silence: (time) => `the silence timer ran out: nothing came for ${time}`,
  total: (time) => `the total timer ran out: the turn took longer than ${time}`,
};

/**
 * The clocks of one turn; each event of the turn starts, restarts or stops some.
 * @param onTimeout told once a timer has run out; the error is an OperationError that names it: CONNECT_TIMEOUT, or CLIENT_TIMEOUT for the others
 */
export function createTurnTimers(timeouts: TurnTimeouts, onTimeout: (error: OperationError) => void) {
  const running = new Map<TimerName, NodeJS.Timeout>();
  const start = (name: TimerName): void => {
    const ms = timeouts[`${name}Ms`];
    if (!ms) return;
    running.set(
      name,
      setTimeout(() => onTimeout(timeoutError(name, ms)), ms),
    );
  };
  const clear = (name: TimerName): void => {
    clearTimeout(running.get(name));
    running.delete(name);
  };
  let reading = false;
  let held = false;

  return {
    sent(): void {
      for (const name of ['connect', 'firstByte', 'total'] as const) start(name);
    },
    connected: () => clear('connect'),
    /** Bytes of the body have come. */
    read(): void {
      if (!reading) {
        reading = true;
        clear('connect');
        clear('firstByte');
        if (!held) start('silence');
      }
      running.get('silence')?.refresh();
    },
    /** Reading is paused: the silence is ours, not the sender's. */
    hold(): void {
      held = true;
      clear('silence');
    },
    resume(): void {
      if (held && reading) start('silence');
      held = false;
    },
    stop(): void {
      for (const name of running.keys()) clear(name);
      // Late events start no timer.
      reading = false;
      held = true;
    },
  };
}

/** The error of a timer that ran out. */
export function timeoutError(name: TimerName, ms: number, cause?: unknown): OperationError {
  const code = name === 'connect' ? 'CONNECT_TIMEOUT' : 'CLIENT_TIMEOUT';
  return new OperationError(code, MEANING[name](`${ms / 1_000} s`), { cause });
}
