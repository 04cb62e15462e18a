import type { Writable } from 'node:stream';

/** One of the two ways out. */
export interface Output {
  write(text: string | Uint8Array): void;
  readonly isTTY: boolean;
  /** A terminal whose width is known: lines on it may be redrawn. */
  readonly canRedraw: boolean;
  /** Width in cells; 80 when unknown. */
  readonly columns: number;
  /** Its reader has gone (EPIPE): nothing that is written arrives. */
  readonly isGone: boolean;
  onGone(listener: () => void): void;
  /** The stream itself, for what must have one (a spinner, a child process). */
  readonly stream: Writable;
}

/** Everything that a command knows of the world outside: passed in, so that a test can be one. */
export interface Terminal {
  /** Carries the answer. */
  readonly stdout: Output;
  /** Carries the story. */
  readonly stderr: Output;
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly env: NodeJS.ProcessEnv;
  /** Child processes write to the terminal themselves. */
  readonly inherit: boolean;
  /** Calls the listener when the person or the system says stop. @returns a function that takes the listener away */
  onInterrupt(listener: () => void): () => void;
}

/** The terminal of this process. A reader that has gone (EPIPE) ends the output quietly. */
export function processTerminal(): Terminal {
  return {
    stdout: toOutput(process.stdout),
    stderr: toOutput(process.stderr),
    stdin: process.stdin,
    env: process.env,
    inherit: true,
    onInterrupt(listener) {
      process.on('SIGINT', listener);
      process.on('SIGTERM', listener);
      return () => {
        process.off('SIGINT', listener);
        process.off('SIGTERM', listener);
      };
    },
  };
}

function toOutput(stream: NodeJS.WriteStream): Output {
  let gone = false;
  const listeners: (() => void)[] = [];
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    gone = true;
    for (const listener of listeners) listener();
  });
  return {
    write(text) {
      if (!gone) stream.write(text);
    },
    get isGone() {
      return gone;
    },
    onGone: (listener) => void listeners.push(listener),
    get isTTY() {
      // Typed as boolean, but undefined on a pipe.
      return (stream as { isTTY?: boolean }).isTTY === true;
    },
    get canRedraw() {
      // A pseudo-terminal without a size says 0.
      return this.isTTY && stream.columns > 0;
    },
    get columns() {
      return stream.columns || 80;
    },
    stream,
  };
}

/** Settles when the reader has taken what was written, or has gone; undefined when nothing waits for it. */
export function whenDrained({ stream }: Output): Promise<void> | undefined {
  if (!stream.writableNeedDrain) return undefined;
  return new Promise((resolve) => {
    const events = ['drain', 'close', 'error'] as const;
    const done = (): void => {
      for (const event of events) stream.off(event, done);
      resolve();
    };
    for (const event of events) stream.on(event, done);
  });
}
