import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Proof } from '../../src/checks/proof.ts';

/** The members of a program's last line that a run reads; a document, such as a policy, has others. */
export interface Printed {
  readonly outcome?: string;
  readonly kept?: readonly string[];
  readonly proof?: Pick<Proof & { readonly type: 'proved' }, 'verdict' | 'holding' | 'cure' | 'heartbeatLeaves'>;
  readonly live?: { readonly stage?: { readonly value?: { readonly webAclArn?: string } } };
  readonly error?: { readonly code: string; readonly message: string };
}

/** What a program of ours printed with `--json`. */
export interface ProgramRun {
  readonly exitCode: number;
  /** The last line: the result, or the document. */
  readonly last: Printed;
  /** The code and message of its error, or `ok`. */
  readonly words: string;
}

/**
 * Runs the CLI to its end. It has a process group of its own, so that Ctrl-C does not meet one that cleans up.
 * @param signal interrupts it, as Ctrl-C would
 */
export async function runProgram(args: readonly string[], env: NodeJS.ProcessEnv, signal?: AbortSignal): Promise<ProgramRun> {
  signal?.throwIfAborted();
  const child = spawn(process.execPath, ['bin/agentstream.js', ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const interrupt = (): void => void child.kill('SIGINT');
  signal?.addEventListener('abort', interrupt);
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => (stdout += part));
  child.stderr.setEncoding('utf8').on('data', (part: string) => (stderr += part));
  const [code] = (await once(child, 'close')) as [number | null];
  signal?.removeEventListener('abort', interrupt);
  signal?.throwIfAborted();
  const line = stdout.split('\n').findLast((each) => each.startsWith('{'));
  const last = JSON.parse(line ?? '{}') as Printed;
  const { error } = last;
  const words = error ? `${error.code}: ${error.message}` : code === 0 ? 'ok' : (stderr.trim().split('\n').at(-1) ?? '');
  return { exitCode: code ?? 1, last, words };
}
