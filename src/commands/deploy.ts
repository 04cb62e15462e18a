import type { Command } from 'commander';
import { addAction, addStackFlags, addTokenFlags, type CommandContext } from '../cli/options.ts';
import { addDeployFlags, addOperationFlags } from '../stack/deploy-flags.ts';

const EXAMPLES = `
Examples:
  agentstream deploy --agent-arn \\
    arn:aws:bedrock-agentcore:us-west-2:123456789012:runtime/my_agent-AbCdEfGhIj
  agentstream deploy --heartbeat 5s           # change one setting only
  agentstream deploy --dry-run --memory 1024  # what would change
  agentstream deploy --auth iam --stack-name staging --agent-arn ARN
  agentstream deploy --attach                 # follow one that continues in AWS

Without an account: agentstream dev
`;

export function configure(command: Command, context: CommandContext): void {
  command.option('--agent-arn <arn>', 'ARN of the AgentCore runtime; required for the first deploy (env: AGENTSTREAM_AGENT_ARN)');
  addOperationFlags(addDeployFlags(command))
    .option('--handler <file>', 'your own function (TypeScript file); give it with every deploy, "" for the bundled one')
    .option('--dry-run', 'show what would change, without changing it')
    .option('-y, --yes', 'do not ask before the API is replaced, which changes its URL')
    .option('--attach', 'follow the operation in progress on the stack, or report how the last one ended')
    .option('--express', "CloudFormation's express mode: finish when resources are configured, before they are ready")
    .option('--no-rollback', 'keep a failed stack as it is, to look at it')
    .option('--skip-preflight', 'skip the checks of credentials, agent and account')
    .option('--no-verify', 'do not check afterwards that the endpoint serves and streams');
  addStackFlags(addTokenFlags(command));
  addAction(command, context, EXAMPLES, async () => (await import('../checks/run-deploy.ts')).runDeploy);
}
