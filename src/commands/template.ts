import { type Command, Option } from 'commander';
import type { CommandContext } from '../context.ts';
import { parseAgentRuntimeArn } from '../stack/agent-runtime-arn.ts';
import { bundleHandler } from '../stack/bundle.ts';
import { AUTH_MODES, type AuthMode, renderTemplate } from '../templates/render.ts';

interface Flags {
  readonly auth: AuthMode;
  readonly corsOrigin: string;
  readonly agentArn?: string;
}

const EXAMPLES = `
Examples:
  agentstream template > stack.yaml
  aws cloudformation deploy --template-file stack.yaml --stack-name my-agent \\
    --capabilities CAPABILITY_IAM --parameter-overrides AgentRuntimeArn=ARN
`;

export function configure(command: Command, { terminal }: CommandContext): void {
  command
    .addOption(
      new Option('--auth <mode>', 'who may call').choices([...AUTH_MODES]).default('api-key'),
    )
    .option('--cors-origin <origin>', 'origin that browsers may call from; "" for none', '*')
    .option('--agent-arn <arn>', 'default for the AgentRuntimeArn parameter')
    .addHelpText('after', EXAMPLES)
    .action(async (flags: Flags) => {
      const { code } = await bundleHandler();
      terminal.stdout.write(
        renderTemplate({
          handlerCode: code,
          authMode: flags.auth,
          corsOrigin: flags.corsOrigin,
          agentRuntimeArn: flags.agentArn && parseAgentRuntimeArn(flags.agentArn).arn,
        }),
      );
    });
}
