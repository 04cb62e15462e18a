import type { Command } from 'commander';
import { parseDuration, parseInteger } from '../../cli/options.ts';
import { arnPattern } from './arn-pattern.ts';
import { QUALIFIER_PATTERN } from '../../protocol.ts';
import { parseText, parseWord } from './parse-text.ts';

/** How the function works. */
export interface FunctionFlags {
  readonly qualifier?: string;
  /** ms */
  readonly heartbeat?: number;
  readonly flushMode?: string;
  readonly memory?: number;
  readonly permissionsBoundary?: string;
}

/** The template's own bound: below the idle limit of a REGIONAL API. */
const MAX_HEARTBEAT_MS = 280_000;

export function addFunctionFlags(command: Command): Command {
  return command
    .optionsGroup('Function:')
    .option(
      '--qualifier <name>',
      'AgentCore endpoint to call (default: DEFAULT)',
      parseWord(
        '--qualifier',
        QUALIFIER_PATTERN,
        'a letter and up to 47 letters, digits and underscores',
      ),
    )
    .option(
      '--heartbeat <time>',
      'silence after which a keep-alive comment is sent, 0 for never (default: 15s)',
      parseDuration('--heartbeat', MAX_HEARTBEAT_MS),
    )
    .option(
      '--flush-mode <mode>',
      'how small writes get past a runtime that holds them: auto, off, or bytes to pad each to (default: auto)',
    )
    .option(
      '--memory <mb>',
      "the function's memory (default: 512)",
      parseInteger('--memory', 128, 10_240),
    )
    .option(
      '--permissions-boundary <arn>',
      'managed policy that bounds its role; "" takes it off',
      parseText(
        '--permissions-boundary',
        arnPattern('iam', 'policy/[\\w+=,.@/-]+', ':(\\d{12}|aws)'),
        'the ARN of a managed policy',
      ),
    );
}

/** Template parameters; undefined where a flag was not given. */
export function functionParameters(
  flags: FunctionFlags,
): Readonly<Record<string, string | undefined>> {
  return {
    AgentQualifier: flags.qualifier,
    HeartbeatMs: flags.heartbeat?.toString(),
    FlushMode: flags.flushMode,
    MemorySize: flags.memory?.toString(),
    PermissionsBoundary: flags.permissionsBoundary,
  };
}
