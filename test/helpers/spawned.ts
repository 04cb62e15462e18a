import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

/** The program as a user runs it. */
export const BIN = fileURLToPath(new URL('../../bin/agentstream.js', import.meta.url));

/** A child process whose output is kept. */
export interface Spawned {
  readonly child: ChildProcess;
  readonly text: { stdout: string; stderr: string };
  /** Resolves with the exit code, or the name of the signal. */
  readonly exit: Promise<number | string>;
  /** Waits until stdout matches, and gives the match; rejects when the process ends before. */
  waitFor(pattern: RegExp): Promise<RegExpExecArray>;
}

export function spawnNode(args: readonly string[], env: NodeJS.ProcessEnv = {}): Spawned {
  return watch(spawn(process.execPath, args, { env: { PATH: process.env['PATH'], ...env }, stdio: ['ignore', 'pipe', 'pipe'] }));
}

function watch(child: ChildProcess & { readonly stdout: Readable; readonly stderr: Readable }): Spawned {
  const text = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (part: string) => (text.stdout += part));
  child.stderr.setEncoding('utf8').on('data', (part: string) => (text.stderr += part));
  const exit = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string);
  return {
    child,
    text,
    exit,
    waitFor: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const match = pattern.exec(text.stdout);
          if (match) resolve(match);
        };
        child.stdout.on('data', look);
        child.once('close', () => reject(new Error(`ended before ${pattern}: ${text.stderr}`)));
        look();
      }),
  };
}

/** Runs the program on a pseudo-terminal of that width (by util-linux `script`); what is typed goes to `child.stdin`. */
export function spawnOnTerminal(args: readonly string[], columns: number, env: NodeJS.ProcessEnv = {}): Spawned {
  const command = [process.execPath, BIN, ...args].map((part) => `'${part}'`).join(' ');
  return watch(
    spawn('script', ['-qefc', `stty cols ${columns}; exec ${command}`, '/dev/null'], {
      env: { PATH: process.env['PATH'], TERM: 'xterm', ...env },
      stdio: 'pipe',
    }),
  );
}

/** Runs the program to its end. */
export async function runBin(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<{ readonly exitCode: number | string; readonly stdout: string; readonly stderr: string }> {
  const spawned = spawnNode([BIN, ...args], env);
  return { exitCode: await spawned.exit, ...spawned.text };
}

/** Process ids of the children of a process, on Linux. */
export function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((candidate) => parentOf(candidate) === pid);
}

export function isAlive(pid: number): boolean {
  return parentOf(pid) !== undefined;
}

function parentOf(pid: number): number | undefined {
  try {
    // "pid (command) state ppid ...": the command may hold anything, so count from its end. A zombie is not alive.
    const [state, parent] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return state === 'Z' ? undefined : Number(parent);
  } catch {
    return undefined;
  }
}
