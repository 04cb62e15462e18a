import type { Command } from 'commander';
import { UsageError } from '../../cli/errors.ts';
import { arnPattern } from './arn-pattern.ts';
import { parseText } from './parse-text.ts';

/** What holds for the stack as a whole, beside its template. */
export interface OperationFlags {
  /** An empty value takes the tag away. */
  readonly tag?: Readonly<Record<string, string>>;
  readonly terminationProtection?: boolean;
  readonly roleArn?: string;
}

export function addOperationFlags(command: Command): Command {
  return command
    .option(
      '--tag <key=value>',
      'tag of the stack and all it makes; repeatable; "key=" takes it off',
      parseTag,
    )
    .option('--termination-protection', 'AWS refuses to delete the stack')
    .option('--no-termination-protection', 'the stack can be deleted (default)')
    .option(
      '--role-arn <arn>',
      'service role that CloudFormation works with from now on',
      parseText(
        '--role-arn',
        arnPattern('iam', 'role/[\\w+=,.@/-]+', ':\\d{12}'),
        'the ARN of a role',
      ),
    );
}

/**
 * Lengths and characters: API reference of CloudFormation, Tag, and "Tagging your AWS resources", which reserves `aws:`.
 * @throws {UsageError} INVALID_VALUE
 */
function parseTag(
  text: string,
  previous: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const [, key = '', value = ''] =
    /^(?!aws:)([\p{L}\p{Z}\p{N}_.:/+@-]{1,128})=([\p{L}\p{Z}\p{N}_.:/=+@-]{0,256})$/u.exec(text) ??
    [];
  if (key !== '') return { ...previous, [key]: value };
  throw new UsageError('INVALID_VALUE', `--tag takes key=value, not ${text}`);
}
