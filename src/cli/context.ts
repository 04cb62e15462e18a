import type { Terminal } from '../ui/terminal.ts';

/** What every command gets beside its flags. */
export interface CommandContext {
  readonly terminal: Terminal;
  /** Aborted by Ctrl-C or SIGTERM. A second one ends the process at once. */
  readonly signal: AbortSignal;
}
