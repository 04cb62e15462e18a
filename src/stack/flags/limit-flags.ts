import type { Command } from 'commander';
import { parseInteger } from '../../cli/options.ts';

/** How much is let through. */
export interface LimitFlags {
  readonly rateLimit?: number;
  readonly burstLimit?: number;
  readonly quota?: number;
  readonly maxConcurrency?: number;
}

export function addLimitFlags(command: Command): Command {
  return command
    .optionsGroup('Limits:')
    .option(
      '--rate-limit <n>',
      'requests per second (default: 10)',
      parseInteger('--rate-limit', 0),
    )
    .option('--burst-limit <n>', 'requests at once (default: 20)', parseInteger('--burst-limit', 0))
    .option(
      '--quota <n>',
      'requests per day for the API key (default: 10000)',
      parseInteger('--quota', 1),
    )
    .option(
      '--max-concurrency <n>',
      "streams open at once; 0 for the account's limit (default: 0)",
      parseInteger('--max-concurrency', 0),
    );
}

/** Template parameters; undefined where a flag was not given. */
export function limitParameters(flags: LimitFlags): Readonly<Record<string, string | undefined>> {
  return {
    RateLimit: flags.rateLimit?.toString(),
    BurstLimit: flags.burstLimit?.toString(),
    QuotaPerDay: flags.quota?.toString(),
    MaxConcurrency: flags.maxConcurrency?.toString(),
  };
}
