import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { Command } from 'commander';
import { clientConfig, toOperationError, resolveAwsAccess } from '../aws-access.ts';
import type { CommandContext } from '../context.ts';
import { addStackFlags, readStackName, type StackFlags } from '../options.ts';
import { describeStack } from '../stack/describe-stack.ts';
import { destroyStack, listStackResources } from '../stack/destroy-stack.ts';
import { confirm } from '../ui/confirm.ts';
import { plural } from '../ui/format.ts';
import { createJsonLines } from '../ui/json-lines.ts';
import { createStackReporter } from '../ui/stack-reporter.ts';
import { keyValueLines } from '../ui/table.ts';

interface Flags extends StackFlags {
  readonly yes?: boolean;
}

const EXAMPLES = `
Examples:
  agentstream destroy                  # shows what will go, and asks
  agentstream destroy --yes --json     # for scripts
`;

export function configure(command: Command, context: CommandContext): void {
  addStackFlags(command)
    .option('-y, --yes', 'do not ask')
    .addHelpText('after', EXAMPLES)
    .action((flags: Flags) => destroy(flags, context));
}

async function destroy(flags: Flags, { terminal, signal }: CommandContext): Promise<void> {
  const stackName = readStackName(flags, terminal.env);
  const access = resolveAwsAccess(flags, terminal.env);
  const json = flags.json === true;
  const print = createJsonLines(terminal.stdout);
  const client = new CloudFormationClient(clientConfig(access));
  const reporter = await createStackReporter(terminal, { json });
  try {
    const stack = await describeStack(client, stackName);
    const region = await client.config.region();
    if (!stack) {
      if (json)
        print({ type: 'result', ok: true, found: false, stackName, region, removed: [], kept: [] });
      else
        terminal.stderr.write(`nothing to destroy: there is no stack ${stackName} in ${region}\n`);
      return;
    }
    const resources = await listStackResources(client, stack.id);
    if (!json) {
      terminal.stderr.write(
        `The stack ${stackName} in ${region} has ${plural(resources.length, 'resource')}:\n`,
      );
      terminal.stderr.write(
        keyValueLines(
          resources.map((entry) => [entry.resourceType, entry.physicalId]),
          '  ',
        ),
      );
    }
    if (!flags.yes) await confirm(terminal, 'Delete all of it?', signal);
    reporter.report({ type: 'step', text: 'deleting the stack' });
    const result = await destroyStack(
      client,
      stack,
      (event) => reporter.report({ type: 'stack-event', event }),
      signal,
    );
    reporter.done();
    if (json) print({ type: 'result', ok: true, found: true, stackName, region, ...result });
    else {
      const kept = result.kept.length === 0 ? 'nothing is left' : `kept: ${result.kept.join(', ')}`;
      terminal.stderr.write(
        `destroyed ${stackName}: ${plural(result.removed.length, 'resource')} removed, ${kept}\n`,
      );
    }
  } catch (error) {
    reporter.done();
    throw toOperationError(error, access);
  } finally {
    client.destroy();
  }
}
