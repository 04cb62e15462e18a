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
    .option('--session <id>', 'continue this session')
    .option(
      '--qualifier <name>',
      'AgentCore endpoint to call, such as prod',
      parseWord('--qualifier', QUALIFIER_PATTERN, QUALIFIER_FORM),
    )
    .addOption(
      choiceOption('--hop <hop>', 'where turns are sent: through API Gateway (default), to Lambda, or to AgentCore', HOPS),
    )
    .option('--raw', 'print the answer unstyled, and everything that is not text as it arrives')
    .option('--stats', 'print the timing of each turn on stderr')
    .option('--record <file>', 'append a recording of each turn to a file (NDJSON)');
}

/** @throws {UsageError} INVALID_SESSION_ID */
export function checkSessionId<Id extends string | undefined>(id: Id): Id {
  if (id === undefined || SESSION_ID_PATTERN.test(id)) return id;
  throw new UsageError('INVALID_SESSION_ID', `not a session id: ${id}`, {
    hint: '33 to 256 characters of A-Z a-z 0-9 _ -, starting with a letter or digit',
  });
}
