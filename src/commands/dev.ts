import type { Command } from 'commander';
import { DEV_DEFAULT_PORT } from '../aws/aws-access.ts';
import type { CommandContext } from '../cli/context.ts';
import { parseInteger } from '../cli/options.ts';
import type { DevFlags } from '../dev/run-dev.ts';
import { FAULT_HEADER, FAULT_KINDS } from '../emulator/faults/fault.ts';
import { addDeployFlags } from '../stack/deploy-flags.ts';

/** At more, the 30 seconds of an edge-optimised endpoint would be less than a tenth of one. */
const MAX_TIME_SCALE = 300;

const KINDS = FAULT_KINDS.map(([usage, meaning]) => `  ${usage.padEnd(17)}${meaning}`).join('\n');

const FAULTS = `
Faults (--fault KIND, as often as you like; @20% behind it for a share of the requests):
${KINDS}
A request that has the header ${FAULT_HEADER}: KIND, KIND meets these in place of all others. Times of faults are not scaled.`;

const EXAMPLES = `
Examples:
  agentstream dev                                    # a story teller behind the real handler and template
  agentstream dev --agent http://127.0.0.1:8080      # your own agent (AgentCore container contract)
  agentstream dev --agent session.ndjson             # plays back what --record has written
  agentstream dev --exec 'agentstream invoke "hi"'   # runs a command against it; exits with its status
  agentstream dev --time-scale 60 --fault stall:20s  # a silence of 20 s, where 5 s of it end a stream: heartbeats prevent that
  agentstream dev --time-scale 60 --fault stall:20s --heartbeat 0 --exec 'agentstream invoke hi'   # ... and without them
  agentstream dev --auth cognito --user-id-from sub --exec 'agentstream invoke hi'   # a local user pool, and a token of it
  agentstream dev --fault cut:3@20% --fault throttle@5%

While it runs, any AWS SDK or CLI reaches it by AWS_ENDPOINT_URL, and agentstream by --local.
`;

export function configure(command: Command, context: CommandContext): void {
  command
    .option(
      '--agent <kind>',
      'what runs behind AgentCore: story, echo, the URL of your agent, or a recording (FILE.ndjson)',
      'story',
    )
    .option('--agent-arn <arn>', 'the ARN that it has (default: made up)')
    .option(
      '--port <port>',
      'port to listen on, 0 for any',
      parseInteger('--port', 0, 65_535),
      DEV_DEFAULT_PORT,
    )
    .option('--authorizer <file>', 'your Lambda authorizer (TypeScript) for --auth lambda')
    .option('--exec <command>', 'run a shell command against the stack, then stop')
    .option('--no-deploy', 'start the emulator only; deploy yourself with --local')
    .option(
      '--time-scale <factor>',
      'reach limits on waiting so many times sooner, with heartbeats to match: 60 makes 5 minutes 5 s',
      parseInteger('--time-scale', 1, MAX_TIME_SCALE),
      1,
    )
    .option('--stack-name <name>', 'name of the stack (env: AGENTSTREAM_STACK_NAME)')
    .option('--region <region>', 'AWS Region to play (env: AWS_REGION)')
    .option('--json', 'print JSON lines');
  addDeployFlags(command)
    .option('--fault <kind>', 'let something go wrong, see below', collect)
    .addHelpText('after', FAULTS)
    .addHelpText('after', EXAMPLES)
    .action(async (flags: DevFlags) => {
      const { runDev } = await import('../dev/run-dev.ts');
      await runDev(flags, context);
    });
}

function collect(value: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, value];
}
