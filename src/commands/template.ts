import type { Command } from 'commander';
import type { CommandContext } from '../cli/context.ts';
import { addDeployFlags, type DeployFlags, toParameters } from '../stack/deploy-flags.ts';
import { parseAgentRuntimeArn } from '../aws/agent-runtime-arn.ts';
import { checkSettings } from '../stack/check-settings.ts';
import { createTemplateRenderer } from '../stack/template-renderer.ts';

interface Flags extends DeployFlags {
  readonly agentArn?: string;
}

const EXAMPLES = `
Examples:
  agentstream template > stack.yaml
  agentstream template --auth iam --access-log > stack.yaml # other defaults
  aws cloudformation deploy --template-file stack.yaml --stack-name my-agent \\
    --capabilities CAPABILITY_IAM --parameter-overrides AgentRuntimeArn=ARN
`;

export function configure(command: Command, { terminal }: CommandContext): void {
  command.option('--agent-arn <arn>', 'default for the AgentRuntimeArn parameter');
  addDeployFlags(command)
    .addHelpText('after', EXAMPLES)
    .action(async (flags: Flags) => {
      const arn = flags.agentArn && parseAgentRuntimeArn(flags.agentArn).arn;
      const parameters = toParameters(flags, arn);
      checkSettings(parameters);
      const { render } = await createTemplateRenderer(undefined, true);
      terminal.stdout.write(render(parameters));
    });
}
