import { spawn, spawnSync } from 'node:child_process';
import { expect } from 'vitest';

/** An interactive shell on a pseudo-terminal (by util-linux `script`). */
export interface Shell {
  /** Types text as keys: `\t` is Tab. */
  type(text: string): void;
  /** Waits until all that the shell has written matches. */
  see(pattern: RegExp): Promise<void>;
  close(): void;
}

/** Whether the program can be started; says so once when it cannot. */
export function isInstalled(program: string): boolean {
  const found = spawnSync(program, ['--version']).status === 0;
  if (!found) console.log(`${program} is not installed: its tests are skipped`);
  return found;
}

export function startShell(command: string, folder: string): Shell {
  const child = spawn('script', ['-qefc', `stty cols 200; exec ${command}`, '/dev/null'], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: folder, TERM: 'dumb', PS1: '$ ' },
    stdio: 'pipe',
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => (output += part));
  return {
    type: (text) => void child.stdin.write(text),
    see: (pattern) => expect.poll(() => output, { timeout: 60_000, interval: 50 }).toMatch(pattern),
    close: () => void child.kill('SIGKILL'),
  };
}
