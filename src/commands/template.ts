import type { Command } from 'commander';
import type { CommandContext } from '../cli/options.ts';
import { addDeployFlags } from '../stack/deploy-flags.ts';
import type { TemplateFlags } from '../stack/template-renderer.ts';

const EXAMPLES = `
Examples:
  agentstream template > stack.yaml
  agentstream template --auth iam --access-log > stack.yaml  # other defaults
  aws cloudformation deploy --template-file stack.yaml --stack-name my-agent \\
    --capabilities CAPABILITY_IAM --parameter-overrides AgentRuntimeArn=ARN
`;

export function configure(command: Command, context: CommandContext): void {
  command.option('--agent-arn <arn>', 'default of the AgentRuntimeArn parameter');
  addDeployFlags(command)
    .addHelpText('after', EXAMPLES)
    .action(async (flags: TemplateFlags) => {
      const { printTemplate } = await import('../stack/template-renderer.ts');
      await printTemplate(flags, context);
    });
}
