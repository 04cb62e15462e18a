import { type Command, Option } from 'commander';
import { DEV_DEFAULT_PORT } from '../aws/dev-address.ts';
import { addAction, type CommandContext } from '../cli/options.ts';
import { collect, parseInteger } from '../cli/flag-values.ts';
import { FAULT_HEADER, FAULT_KINDS } from '../emulator/faults/fault.ts';
import { addDeployFlags } from '../stack/deploy-flags.ts';
import { keyValueLines } from '../ui/table.ts';

/** At more, the 30 seconds of an edge-optimised endpoint would be less than a tenth of one. */
const MAX_TIME_SCALE = 300;

/** As wide as the rest of the help without a terminal. */
const HELP_WIDTH = { isTTY: true, columns: 80 };
const KINDS = keyValueLines(
  FAULT_KINDS.map(([usage, meaning]) => [usage, meaning] as const),
  '  ',
  HELP_WIDTH,
);

const FAULTS = `
Faults (--fault KIND; KIND@20% for 20 % of the requests):
${KINDS}A request with the header ${FAULT_HEADER}: KIND, KIND meets these faults in
place of all others. Their times are not scaled.`;

const EXAMPLES = `
Examples:
  agentstream dev                                    # an agent tells stories
  agentstream dev --agent 8080                       # yours, on that port
  agentstream dev --agent ./agent.ts                 # restarts with its file
  agentstream dev --agent session.ndjson             # plays back a recording
  agentstream dev --exec 'agentstream invoke "hi"'   # exits with its status
  agentstream dev --auth cognito --user-id-from sub  # a local pool and a token
  agentstream dev --fault cut:3@20% --fault throttle@5%

20 s of silence, where 5 s end a stream: heartbeats keep it open; without them
it is cut:
  agentstream dev --time-scale 60 --fault stall:20s
  agentstream dev --time-scale 60 --fault stall:20s --heartbeat 0 \\
    --exec 'agentstream invoke hi'

While it runs, agentstream reaches it with --local, AWS SDKs and the AWS CLI
through the variables that it prints. It takes the key of its run alone, which
is kept in a file that only you can read: a key is the right to run code as you.
`;

export function configure(command: Command, context: CommandContext): void {
  command
    .addOption(
      new Option(
        '--agent <kind>',
        'agent behind AgentCore: story, echo, the URL or port of yours, its source file, or a recording (FILE.ndjson)',
      ).default('story', 'story'),
    )
    .option('--agent-arn <arn>', 'ARN of the agent (default: made up)')
    .option('--port <port>', 'port to listen on; 0 takes any free one', parseInteger('--port', 0, 65_535), DEV_DEFAULT_PORT)
    .option('--authorizer <file>', 'your Lambda authorizer (TypeScript file), for --auth lambda')
    .option('--exec <command>', 'run a shell command against the stack, and exit with its status')
    .option('--verbose', 'show each request while the command of --exec runs')
    .option('--any-credentials', 'accept any AWS key: every program and user of this machine can then run code as you')
    .option('--no-deploy', 'start the emulator without a stack; agentstream deploy --local makes one')
    .option(
      '--time-scale <factor>',
      'divide idle limits, timeouts and heartbeats by this factor: 60 turns 5 minutes into 5 s',
      parseInteger('--time-scale', 1, MAX_TIME_SCALE),
      1,
    )
    .option('--stack-name <name>', 'name of the stack (env: AGENTSTREAM_STACK_NAME)')
    .option('--region <region>', 'AWS Region to emulate, such as us-west-2 (env: AWS_REGION)')
    .option('--json', 'print JSON lines');
  addDeployFlags(command)
    .option('--fault <kind>', 'inject a fault, such as stall:20s; repeatable; the kinds are listed below', collect)
    .addHelpText('after', FAULTS);
  addAction(command, context, EXAMPLES, async () => (await import('../dev/run-dev.ts')).runDev);
}
