import { spawn } from 'node:child_process';
import { delimiter, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Terminal } from './terminal.ts';

/** Where `agentstream` itself lies: on the child's PATH, so that a command line may name it. */
const SHIM_FOLDER = fileURLToPath(new URL('../../bin/shim', import.meta.url));

/** Status of a shell whose command was ended by a signal: 128 + its number. SIGTERM is what we send. */
const TERMINATED_STATUS = 143;

/**
 * Runs a shell command on the terminal, with `env` added to the environment; an undefined value takes a variable away.
 * @returns its exit status; a command that a signal ended has 143
 */
export async function runChild(
  command: string,
  terminal: Terminal,
  env: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Promise<number> {
  const path = [SHIM_FOLDER, dirname(process.execPath), terminal.env['PATH'] ?? ''].join(delimiter);
  const child = spawn(command, {
    shell: true,
    stdio: terminal.inherit ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    env: { ...terminal.env, ...env, PATH: path },
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
  }
}
