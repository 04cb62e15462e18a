import type { Command } from 'commander';
import type { DeployCommandFlags } from '../checks/run-deploy.ts';
import type { CommandContext } from '../cli/context.ts';
import { addStackFlags, addTokenFlags } from '../cli/options.ts';
import { addDeployFlags, addOperationFlags } from '../stack/deploy-flags.ts';

const EXAMPLES = `
Examples:
  agentstream deploy --agent-arn arn:aws:bedrock-agentcore:us-west-2:123456789012:runtime/my_agent-AbCdEfGhIj
  agentstream deploy --heartbeat 5s          # change one setting, keep all others
  agentstream deploy --dry-run --memory 1024 # what would change
  agentstream deploy --auth iam --stack-name staging --agent-arn ARN
  agentstream deploy --attach                # follow a deploy that goes on in AWS

Without an account: agentstream dev
`;

export function configure(command: Command, context: CommandContext): void {
  command.option(
    '--agent-arn <arn>',
    'ARN of the AgentCore runtime; needed the first time (env: AGENTSTREAM_AGENT_ARN)',
  );
  addOperationFlags(addDeployFlags(command))
    .option(
      '--handler <file>',
      'a function of your own (TypeScript) in place of ours; to be given with every deploy',
    )
    .option('--dry-run', 'show what would change, and change nothing')
    .option('-y, --yes', 'do not ask before the API is replaced (its URL changes)')
    .option('--attach', 'follow the operation that runs on the stack, or tell how the last ended')
    .option('--express', "CloudFormation's express mode: done when configured, not when ready")
    .option('--no-rollback', 'leave a failure as it is, to look at it')
    .option('--skip-preflight', 'do not check credentials, agent and account before')
    .option('--no-verify', 'do not ask the endpoint afterwards whether it serves and streams');
  addStackFlags(addTokenFlags(command))
    .addHelpText('after', EXAMPLES)
    .action(async (flags: DeployCommandFlags) => {
      const { runDeploy } = await import('../checks/run-deploy.ts');
      await runDeploy(flags, context);
    });
}
