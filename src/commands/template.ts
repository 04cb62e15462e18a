import type { Command } from 'commander';
import { addAction, type CommandContext } from '../cli/options.ts';
import { addDeployFlags } from '../stack/deploy-flags.ts';

const EXAMPLES = `
Examples:
  agentstream template > stack.yaml
  agentstream template --auth iam --access-log > stack.yaml  # other defaults
  agentstream template --full > stack.yaml  # its parameters take other values
  agentstream template --code | less        # the function, readable
  aws cloudformation deploy --template-file stack.yaml --stack-name my-agent \\
    --capabilities CAPABILITY_IAM --parameter-overrides AgentRuntimeArn=ARN
`;

export function configure(command: Command, context: CommandContext): void {
  command.option('--agent-arn <arn>', 'default of the AgentRuntimeArn parameter');
  command
    .option('--full', 'keep every parameter and condition; without it, what is off is not in the template')
    .option('--code', 'print the function in place of the template');
  addDeployFlags(command);
  addAction(command, context, EXAMPLES, async () => (await import('../stack/template-renderer.ts')).printTemplate);
}
