import type { Terminal } from '../ui/terminal.ts';
import type { Target } from './command-line.ts';
import type { OperationError } from './errors.ts';

/** The context that every command gets beside its flags. */
export interface CommandContext {
  readonly terminal: Terminal;
  /** Aborted by Ctrl-C or SIGTERM. A second one ends the process at once. */
  readonly signal: AbortSignal;
  /** The stack and the endpoint that the flags name, for commands that are printed. */
  readonly target: Target;
  /** Files that could not be written. The command reports them at its end, since its work is worth more than the file. */
  readonly losses: OperationError[];
}
