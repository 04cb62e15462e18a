import type { Command } from 'commander';
import type { ExportFlags } from '../bench/artillery/export-artillery.ts';
import { addBenchFlags } from '../bench/flags.ts';
import type { CommandContext } from '../cli/context.ts';
import { parseInteger } from '../cli/flag-values.ts';

const EXAMPLES = `
Examples:
  agentstream bench export artillery load --vus 20 --duration 2m
  agentstream bench export artillery load --rate 100 --duration 10m --machines 5
  cd load && npm install && npx artillery run-fargate --count 5 --dotenv load.env test.yml
`;

/** Adds `export artillery DIR` to `bench`. */
export function configure(command: Command, context: CommandContext): void {
  command.addHelpText('afterAll', EXAMPLES);
  const artillery = command
    .command('artillery')
    .description('write an Artillery test that runs on this machine, on AWS Lambda or on Fargate')
    .argument('<dir>', 'new or empty folder');
  addBenchFlags(artillery)
    .optionsGroup('Export:')
    .option('--machines <n>', 'number of machines that share the load', parseInteger('--machines', 1, 10_000), 1)
    .option('--force', 'write into a folder that is not empty')
    .action(async (folder: string, flags: ExportFlags) => {
      const { exportArtillery } = await import('../bench/artillery/export-artillery.ts');
      await exportArtillery(folder, flags, context);
    });
}
