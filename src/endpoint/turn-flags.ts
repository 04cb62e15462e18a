import type { Command } from 'commander';
import { UsageError } from '../cli/errors.ts';
import { choiceOption, parseWord } from '../cli/flag-values.ts';
import { addEndpointFlags, type EndpointFlags } from '../cli/options.ts';
import { QUALIFIER_FORM, QUALIFIER_PATTERN, SESSION_ID_PATTERN } from '../protocol.ts';
import { type Hop, HOPS } from '../stream/stream-part.ts';

/** Flags of the commands that send turns. */
export interface TurnFlags extends EndpointFlags {
  readonly session?: string;
  readonly qualifier?: string;
  readonly hop?: Hop;
  readonly raw?: boolean;
  readonly stats?: boolean;
  readonly record?: string;
}

export function addTurnFlags(command: Command): Command {
  return addEndpointFlags(command)
    .option('--session <id>', 'go on with a session')
    .option(
      '--qualifier <name>',
      'AgentCore endpoint to call',
      parseWord('--qualifier', QUALIFIER_PATTERN, QUALIFIER_FORM),
    )
    .addOption(
      choiceOption('--hop <hop>', 'which way: through API Gateway, Lambda only, or direct', HOPS),
    )
    .option('--raw', 'print the answer without styles, and what is not text as it comes')
    .option('--stats', 'print the timing of the stream on stderr')
    .option('--record <file>', 'append a recording of each turn (NDJSON)');
}

/** @throws {UsageError} INVALID_SESSION_ID */
export function readSessionFlag({ session }: TurnFlags): string | undefined {
  if (session === undefined || SESSION_ID_PATTERN.test(session)) return session;
  throw new UsageError('INVALID_SESSION_ID', `not a session id: ${session}`, {
    hint: '33 to 256 characters of A-Z a-z 0-9 _ -, starting with a letter or digit',
  });
}
