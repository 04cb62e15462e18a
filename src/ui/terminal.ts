import { fstatSync, writeFileSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { styleText } from 'node:util';
import { printableJson, terminalText } from './sanitize.ts';

/** One of the two ways out. */
export interface Output {
  /** Text. On a terminal it passes a filter (`terminalText`): its colours are obeyed, and nothing else. */
  write(text: string | Uint8Array): void;
  /** Sequences of this program that move the cursor or set the terminal. Foreign text in them must have passed the filter. */
  control(sequence: string | Uint8Array): void;
  readonly isTTY: boolean;
  /** A terminal whose width is known: lines on it may be redrawn. */
  readonly canRedraw: boolean;
  /** Width in cells; 80 when unknown. */
  readonly columns: number;
  /** Its reader has gone (EPIPE): nothing that is written arrives. */
  readonly isGone: boolean;
  onGone(listener: () => void): void;
  /** Why a file behind it could not be written, such as a full disk: from then on nothing is written. */
  readonly failure: Error | undefined;
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
  /** Stops the job, as Ctrl-Z does outside of raw mode. Absent where there are no jobs. */
  readonly suspend?: () => void;
  /** Calls the listener when the job goes on (`fg`). @returns a function that takes the listener away */
  onContinue(listener: () => void): () => void;
}

/** The terminal of this process. A reader that has gone (EPIPE, a closed terminal) ends the output quietly. */
export function processTerminal(): Terminal {
  return {
    stdout: toOutput(process.stdout, 1),
    stderr: toOutput(process.stderr, 2),
    stdin: process.stdin,
    env: process.env,
    inherit: true,
    onInterrupt(listener) {
      const signals = ['SIGINT', 'SIGTERM'] as const;
      for (const signal of signals) process.on(signal, listener);
      // Kernel and shell both say it when a terminal closes: the second time must not cut what the first began. Not without a terminal:
      // there `nohup` has asked to ignore it.
      if (process.stderr.isTTY) process.on('SIGHUP', listener).once('SIGHUP', endByHangUp);
      return () => {
        for (const signal of signals) process.off(signal, listener);
      };
    },
    // All of the job: the shell waits for its first process, which may be `npx`.
    ...(process.platform !== 'win32' && { suspend: () => void process.kill(0, 'SIGTSTP') }),
    onContinue(listener) {
      process.on('SIGCONT', listener);
      return () => void process.off('SIGCONT', listener);
    },
  };
}

/**
 * Lets the process end by the signal of a closed terminal, as it would without us: at an ordinary end Node.js sets the terminal back, and
 * aborts because it cannot.
 */
function endByHangUp(): void {
  process.once('exit', () => {
    process.removeAllListeners('SIGHUP');
    process.kill(process.pid, 'SIGHUP');
  });
}

function toOutput(stream: NodeJS.WriteStream, fd: number): Output {
  let gone = false;
  let failure: Error | undefined;
  const listeners: (() => void)[] = [];
  const type = fstatSync(fd);
  const isFile = type.isFile() || (type.isCharacterDevice() && !stream.isTTY);
  const fail = (error: NodeJS.ErrnoException): void => {
    if (error.code !== 'EPIPE' && !stream.isTTY) failure ??= error;
    else if (!gone) {
      gone = true;
      if (stream.isTTY) endByHangUp();
      for (const listener of listeners) listener();
    }
  };
  stream.on('error', fail);
  const send = (text: string | Uint8Array): void => {
    if (gone || failure) return;
    if (!isFile) {
      stream.write(text);
      return;
    }
    try {
      // The stream would take a part that still fits on the disk for the whole.
      writeFileSync(fd, Buffer.from(text));
    } catch (error) {
      fail(error as NodeJS.ErrnoException);
    }
  };
  const decoder = new TextDecoder();
  return {
    write(text) {
      if (!stream.isTTY) return send(text);
      send(terminalText(typeof text === 'string' ? text : decoder.decode(text, { stream: true })));
    },
    control: send,
    get failure() {
      return failure;
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

/** stdout for what cannot be had again: when its file cannot be written, the rest comes on stderr. */
export function lastingOutput({ stdout, stderr }: Terminal): Output {
  const write = (text: string | Uint8Array): void => {
    stdout.write(text);
    if (stdout.failure) stderr.write(text);
  };
  return Object.create(stdout, { write: { value: write } }) as Output;
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

const FORMATS = ['bold', 'dim', 'italic', 'red', 'green', 'yellow', 'cyan'] as const;

export type Style = Readonly<Record<(typeof FORMATS)[number], (text: string) => string>>;

/**
 * Colours for an output. FORCE_COLOR (not 0) turns them on and NO_COLOR (not empty) off, in this order; else they are on for a
 * terminal that is not dumb.
 */
export function createStyle(output: Output, env: NodeJS.ProcessEnv): Style {
  return hasColour(output, env)
    ? paintedStyle((format, text) => styleText(format, text, { validateStream: false }))
    : PLAIN_STYLE;
}

/** A style that leaves texts as they are. */
export const PLAIN_STYLE = paintedStyle((_, text) => text);

function paintedStyle(paint: (format: keyof Style, text: string) => string): Style {
  return Object.fromEntries(FORMATS.map((format) => [format, (text: string) => paint(format, text)])) as Style;
}

function hasColour(output: Output, env: NodeJS.ProcessEnv): boolean {
  const { FORCE_COLOR: force, NO_COLOR: none, TERM: term } = env;
  if (force !== undefined && force !== '') return force !== '0' && force !== 'false';
  if (none !== undefined && none !== '') return false;
  return output.isTTY && term !== 'dumb';
}

/** Version of every JSON line that the CLI prints. It changes when a member changes its meaning or goes. */
const JSON_VERSION = 1;

/** Prints one NDJSON line with a `type`. */
export type JsonLine = (line: { readonly type: string; readonly [member: string]: unknown }) => void;

export function createJsonLines(output: Output): JsonLine {
  return ({ type, ...members }) => output.write(`${printableJson({ type, version: JSON_VERSION, ...members })}\n`);
}
