import type { Command } from 'commander';
import {
  FAULT_HEADER,
  FAULT_KINDS,
  type Fault,
  InvalidFaultError,
  parseFault,
} from '../emulator/index.ts';
import { UsageError } from '../cli/errors.ts';
import { hint } from '../cli/hint.ts';

const KINDS = FAULT_KINDS.map(([usage, meaning]) => `  ${usage.padEnd(17)}${meaning}`).join('\n');

const HELP = `
Faults (--fault KIND, as often as you like; @20% behind it for a share of the requests):
${KINDS}
A request that has the header ${FAULT_HEADER}: KIND, KIND meets these in place of all others. Times of faults are not scaled.`;

/** Adds `--fault`, whose values come as a list (none: undefined), and what it takes to the help. */
export function addFaultFlag(command: Command): Command {
  return command
    .option('--fault <kind>', 'let something go wrong, see below', collectFault)
    .addHelpText('after', HELP);
}

/** @throws {UsageError} INVALID_FAULT, which lists the kinds */
function collectFault(text: string, before: readonly Fault[] = []): readonly Fault[] {
  try {
    return [...before, parseFault(text)];
  } catch (error) {
    if (!(error instanceof InvalidFaultError)) throw error;
    throw new UsageError('INVALID_FAULT', error.message, {
      hint: hint`${['agentstream', 'dev', '--help']} says what each kind does`,
    });
  }
}
