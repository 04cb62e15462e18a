import type { Command } from 'commander';
import type { CommandContext } from '../cli/context.ts';
import { addDeployFlags, type DeployFlags, toParameters } from '../stack/deploy-flags.ts';

interface Flags extends DeployFlags {
  readonly agentArn?: string;
}

const EXAMPLES = `
Examples:
  agentstream template > stack.yaml
  agentstream template --auth iam --access-log > stack.yaml # with other defaults
  aws cloudformation deploy --template-file stack.yaml --stack-name my-agent \\
    --capabilities CAPABILITY_IAM --parameter-overrides AgentRuntimeArn=ARN
`;

export function configure(command: Command, context: CommandContext): void {
  command.option('--agent-arn <arn>', 'default of the AgentRuntimeArn parameter');
  addDeployFlags(command)
    .addHelpText('after', EXAMPLES)
    .action((flags: Flags) => printTemplate(flags, context));
}

async function printTemplate(flags: Flags, { terminal }: CommandContext): Promise<void> {
  const { parseAgentRuntimeArn } = await import('../aws/agent-runtime-arn.ts');
  const { checkSettings } = await import('../stack/check-settings.ts');
  const { createTemplateRenderer } = await import('../stack/template-renderer.ts');
  const parameters = toParameters(
    flags,
    flags.agentArn && parseAgentRuntimeArn(flags.agentArn).arn,
  );
  checkSettings(parameters);
  const { render } = await createTemplateRenderer(undefined, true);
  terminal.stdout.write(render(parameters));
}
