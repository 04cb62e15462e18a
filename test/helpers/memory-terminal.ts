import { PassThrough, Readable } from 'node:stream';
import type { Output, Terminal } from '../../src/ui/terminal.ts';

/** A terminal whose output is kept, for driving `main` inside the test's own process. */
export interface MemoryTerminal extends Terminal {
  readonly text: { stdout: string; stderr: string };
  /** As if Ctrl-C had been pressed. */
  interrupt(): void;
}

export interface MemoryTerminalOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** What stdin gives before it ends. */
  readonly stdin?: string;
  readonly isTTY?: boolean;
}

export function createMemoryTerminal(options: MemoryTerminalOptions = {}): MemoryTerminal {
  const { env = {}, stdin = '', isTTY = false } = options;
  const text = { stdout: '', stderr: '' };
  const listeners = new Set<() => void>();
  const output = (name: 'stdout' | 'stderr'): Output => {
    const stream = new PassThrough({ encoding: 'utf8' });
    const decoder = new TextDecoder();
    const write = (part: string | Uint8Array): void => {
      text[name] += typeof part === 'string' ? part : decoder.decode(part, { stream: true });
    };
    stream.on('data', write);
    const control = write;
    return {
      write,
      control,
      isTTY,
      isGone: false,
      onGone: () => undefined,
      failure: undefined,
      canRedraw: false,
      columns: 80,
      stream,
    };
  };
  return {
    text,
    stdout: output('stdout'),
    stderr: output('stderr'),
    stdin: Object.assign(Readable.from(stdin === '' ? [] : [stdin]), { isTTY }),
    env: { PATH: process.env['PATH'], ...env },
    inherit: false,
    onInterrupt(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onContinue: () => () => undefined,
    interrupt() {
      for (const listener of listeners) listener();
    },
  };
}
