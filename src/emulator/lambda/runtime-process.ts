import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** A folder that holds a function's code, as `LAMBDA_TASK_ROOT`. */
export interface TaskRoot {
  readonly path: string;
  remove(): Promise<void>;
}

/**
 * Unpacks inline code: always one file `index.js`, always CommonJS (`aws-properties-lambda-function-code.html`), which the
 * package.json says for Node versions that would guess.
 */
export async function unpackCode(code: string): Promise<TaskRoot> {
  const root = await mkdtemp(join(tmpdir(), 'lambda-'));
  const path = join(root, 'task');
  await mkdir(path);
  await writeFile(join(path, 'index.js'), code);
  await writeFile(join(path, 'package.json'), '{"type":"commonjs"}');
  return { path, remove: () => rm(root, { recursive: true, force: true, maxRetries: 3 }) };
}

export interface RuntimeProcess {
  /** Settles when the process has ended: `exit status 1`, `signal: killed`, or undefined after status 0. */
  readonly exited: Promise<string | undefined>;
  /** Ends the process and all that it has started, at once. */
  kill(): void;
}

/**
 * Starts a runtime process. It leads a process group of its own, so that a terminal's Ctrl-C is not its business; file
 * descriptor 3 is a pipe whose end tells it that the emulator is gone, however that died.
 */
export function startRuntimeProcess(input: {
  readonly command: readonly [string, ...string[]];
  readonly cwd: string;
  readonly env: Record<string, string>;
  readonly onLine: (stream: 'stdout' | 'stderr', line: string) => void;
}): RuntimeProcess {
  const [file, ...args] = input.command;
  const child = spawn(file, args, {
    cwd: input.cwd,
    env: input.env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  for (const stream of ['stdout', 'stderr'] as const) {
    createInterface({ input: child[stream] as Readable }).on('line', (line) =>
      input.onLine(stream, line),
    );
  }
  child.stdio[3]?.on('error', () => {
    // The pipe breaks when the process ends, and its end is reported by `exited`.
  });
  return {
    exited: waitForExit(child),
    kill: () => {
      if (child.exitCode === null && child.signalCode === null) killGroup(child);
    },
  };
}

async function waitForExit(child: ChildProcess): Promise<string | undefined> {
  return await new Promise((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('exit', (code, signal) => {
      // What the function has started does not outlive its environment.
      killGroup(child);
      if (signal) resolve(signal === 'SIGKILL' ? 'signal: killed' : `signal: ${signal}`);
      else resolve(code === 0 ? undefined : `exit status ${code}`);
    });
  });
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // No process of the group is left.
  }
}
