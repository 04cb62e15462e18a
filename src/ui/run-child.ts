import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Terminal } from './terminal.ts';

/** This program; the same relative path holds in the source tree and in the built package. */
const PROGRAM = fileURLToPath(new URL('../../bin/agentstream.js', import.meta.url));

/** Status of a shell whose command was ended by a signal: 128 + its number. SIGTERM is what we send. */
const TERMINATED_STATUS = 143;

/**
 * Runs a shell command on the terminal, with `env` added to the environment; an undefined value takes a variable away. The
 * command line may name `agentstream`, installed or not: it gets this very program.
 * @returns its exit status; a command that a signal ended has 143
 */
export async function runChild(
  command: string,
  terminal: Terminal,
  env: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Promise<number> {
  const folder = createProgramFolder();
  const child = spawn(command, {
    shell: true,
    stdio: terminal.inherit ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    env: { ...terminal.env, ...env, PATH: `${folder}${delimiter}${terminal.env['PATH'] ?? ''}` },
  });
  child.stdout?.on('data', (bytes: Buffer) => terminal.stdout.write(bytes));
  child.stderr?.on('data', (bytes: Buffer) => terminal.stderr.write(bytes));
  // On a terminal Ctrl-C reaches the child by itself; a signal sent to us alone does not.
  const stop = (): void => void child.kill('SIGTERM');
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await new Promise<number>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code) => resolve(code ?? TERMINATED_STATUS));
    });
  } finally {
    signal.removeEventListener('abort', stop);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A folder for PATH whose `agentstream` starts this program with this Node.js. */
function createProgramFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'agentstream-'));
  const call = `"${process.execPath}" "${PROGRAM}"`;
  writeFileSync(join(folder, 'agentstream'), `#!/bin/sh\nexec ${call} "$@"\n`, { mode: 0o755 });
  writeFileSync(join(folder, 'agentstream.cmd'), `@${call} %*\r\n`);
  return folder;
}
