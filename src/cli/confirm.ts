import { createInterface } from 'node:readline';
import { AbortError, UsageError } from './errors.ts';
import type { Terminal } from '../ui/terminal.ts';

/**
 * Asks a yes-or-no question on stderr; no answer means no.
 * @throws {UsageError} CONFIRMATION_NEEDED when nobody is there to answer
 * @throws {AbortError} when the answer is no, or on Ctrl-C
 */
export async function confirm(terminal: Terminal, question: string, signal: AbortSignal): Promise<void> {
  if (!terminal.stdin.isTTY || !terminal.stderr.isTTY) {
    throw new UsageError('CONFIRMATION_NEEDED', 'this needs a confirmation, and there is no terminal to ask on', {
      hint: 'add --yes',
    });
  }
  terminal.stderr.write(`${question} [y/N] `);
  // Not an editor: the terminal itself edits the line, and hears Ctrl-C and Ctrl-Z.
  const readline = createInterface({ input: terminal.stdin });
  const stop = (): void => readline.close();
  signal.addEventListener('abort', stop, { once: true });
  try {
    const answer = await new Promise<string | undefined>((resolve) => {
      readline.once('line', resolve);
      readline.once('close', () => resolve(undefined));
    });
    if (answer === undefined) terminal.stderr.write('\n');
    if (!/^y(es)?$/i.test(answer?.trim() ?? '')) throw new AbortError('nothing was changed');
  } finally {
    signal.removeEventListener('abort', stop);
    readline.close();
  }
}
