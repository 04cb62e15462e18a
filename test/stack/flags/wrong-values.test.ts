import { Command } from 'commander';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { addWatchFlags } from '../../../src/stack/flags/watch-flags.ts';
import { UsageError } from '../../../src/cli/errors.ts';
import { readTemplateSource } from '../../../src/templates/template-source.ts';
import { runCli } from '../../helpers/run-cli.ts';

test.each([
  [['--log-retention', '2'], '--log-retention takes a number of days', 'one of 1, 3, 5, 7, 14,'],
  [['--log-retention', ''], '--log-retention takes a number of days', '3653'],
  [['--qualifier', 'no good'], '--qualifier takes a letter and up to 47', 'not no good'],
  [['--qualifier', ''], '--qualifier takes a letter and up to 47', 'not nothing'],
])('%j is refused before CloudFormation sees it', async (args, message, more) => {
  const result = await runCli(['template', ...args]);
  expect([result.exitCode, result.stdout]).toEqual([2, '']);
  expect(result.stderr).toContain(message);
  expect(result.stderr).toContain(more);
});

test('the days are those of the template', () => {
  const { Parameters } = parse(readTemplateSource(), { logLevel: 'silent' }) as {
    Parameters: { LogRetentionDays: { AllowedValues: number[] } };
  };
  const isAllowed = (days: number): boolean => {
    try {
      const command = addWatchFlags(new Command());
      command.parse(['--log-retention', String(days)], { from: 'user' });
      return command.opts()['logRetention'] === days;
    } catch (error) {
      if (error instanceof UsageError) return false;
      throw error;
    }
  };
  const taken = Array.from({ length: 4_000 }, (_, days) => days).filter(isAllowed);
  expect(taken).toEqual(Parameters.LogRetentionDays.AllowedValues);
});

test('names that AgentCore takes go through', async () => {
  const result = await runCli(['template', '--qualifier', 'beta_2', '--log-retention', '30']);
  expect([result.exitCode, result.stderr]).toEqual([0, '']);
});
