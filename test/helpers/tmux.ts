import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { BIN } from './spawned.ts';

export const hasTmux = spawnSync('tmux', ['-V']).status === 0;
if (!hasTmux) console.log('tmux is not installed: the tests on a real terminal are skipped');

/** A program on a real terminal, seen as a person sees it. */
export interface TmuxSession {
  /** Types text as keys. */
  type(text: string): void;
  /** Presses keys by tmux's names: `Enter`, `C-c`, `M-Enter`, ... */
  press(...keys: string[]): void;
  /** Pastes a block, bracketed as a terminal does when the program asks for it. */
  paste(text: string): void;
  resize(columns: number, rows: number): void;
  /** The screen with its scrollback, without empty lines at the end. */
  screen(): string;
  /** Waits until the screen matches. */
  see(pattern: RegExp | string, timeoutMs?: number): Promise<void>;
  /** Every byte that the program has written. */
  output(): string;
  close(): void;
}

export interface TmuxOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly columns?: number;
  readonly rows?: number;
  /** Run it as a job of an interactive shell, which has the terminal back when the job stops. */
  readonly asJob?: boolean;
  /** Another script of the repository than the program. */
  readonly script?: string;
}

/** Runs `agentstream ARGS` in a terminal of its own. */
export function startInTmux(
  args: readonly string[],
  { env, columns = 100, rows = 40, asJob = false, script = BIN }: TmuxOptions,
): TmuxSession {
  const folder = mkdtempSync(join(tmpdir(), 'agentstream-tmux-'));
  const socket = join(folder, 'socket');
  const log = join(folder, 'output');
  const tmux = (...command: string[]): string => {
    const { stdout, stderr, status } = spawnSync('tmux', ['-u', '-f', '/dev/null', '-S', socket, ...command], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], LANG: 'C.UTF-8', TERM: 'xterm-256color' },
    });
    if (status !== 0) throw new Error(`tmux ${command.join(' ')}: ${stderr}`);
    return stdout;
  };
  const variables = Object.entries({ HOME: folder, ...env }).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
  const command = [process.execPath, script, ...args].map((part) => `'${part}'`).join(' ');
  tmux(
    'new-session',
    '-d',
    '-x',
    String(columns),
    '-y',
    String(rows),
    ...variables,
    asJob ? 'bash --norc --noprofile -i' : `sleep 0.2; ${command}; echo "[status $?]"; sleep 600`,
  );
  tmux('set-option', '-g', 'history-limit', '10000');
  tmux('pipe-pane', '-o', `cat > '${log}'`);
  const screen = (): string => tmux('capture-pane', '-p', '-J', '-S', '-').trimEnd();
  if (asJob) tmux('send-keys', `${command}; echo "[status $?]"`, 'Enter');
  return {
    type: (text) => void tmux('send-keys', '-l', text),
    press: (...keys) => void tmux('send-keys', ...keys),
    paste(text) {
      tmux('set-buffer', text);
      tmux('paste-buffer', '-p', '-d');
    },
    resize: (width, height) => void tmux('resize-window', '-x', String(width), '-y', String(height)),
    screen,
    see: (pattern, timeout = 60_000) => expect.poll(screen, { timeout, interval: 50 }).toMatch(pattern),
    output: () => readFileSync(log, 'utf8'),
    close() {
      spawnSync('tmux', ['-S', socket, 'kill-server']);
      // A program whose terminal has closed may still write what it remembers.
      // Node.js 20 looks once for what is in a folder, however often it retries.
      for (let tries = 0; tries < 20 && existsSync(folder); tries += 1) {
        try {
          rmSync(folder, { recursive: true, force: true });
        } catch {
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
        }
      }
    },
  };
}
