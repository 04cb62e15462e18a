import { createInterface } from 'node:readline/promises';
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
  const readline = createInterface({ input: terminal.stdin, output: terminal.stderr.stream });
  try {
    const answer = await readline.question(`${question} [y/N] `, { signal });
    if (!/^y(es)?$/i.test(answer.trim())) throw new AbortError('nothing was changed');
  } finally {
    readline.close();
  }
}
