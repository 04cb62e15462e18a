import type { Command } from 'commander';
import { readTarget, type Target } from './cli/command-line.ts';
import type { CommandContext } from './cli/options.ts';
import { AbortError, AgentstreamError, cannotWrite, isAbort } from './cli/errors.ts';
import { EXIT } from './cli/exit-codes.ts';
import { failureJson, tellFailure } from './cli/failure.ts';
import { tidyEnvironment } from './cli/given-values.ts';
import { createJsonLines, type Terminal } from './ui/terminal.ts';
import { readVersion } from './cli/version.ts';

type CommandModule = { configure(command: Command, context: CommandContext): void };

/** Every command. Only the one that is asked for is loaded: the SDK alone takes longer than `--version` may. */
const COMMANDS: Readonly<Record<string, readonly [summary: string, load: () => Promise<CommandModule>]>> = {
  dev: ['run the whole chain on this machine; needs no AWS account', () => import('./commands/dev.ts')],
  deploy: ['put an agent behind a streaming API, or change the settings of one', () => import('./commands/deploy.ts')],
  invoke: ['send one prompt and stream the answer', () => import('./commands/invoke.ts')],
  chat: ['talk with the agent and see how its answers stream', () => import('./commands/chat.ts')],
  bench: ["measure streaming under load, and how close it comes to AWS's limits", () => import('./commands/bench.ts')],
  status: ['show what is deployed and its settings', () => import('./commands/status.ts')],
  key: ['rotate the API key; the old one stays valid for a grace period', () => import('./commands/key.ts')],
  openapi: ['print an OpenAPI 3.1 document of the deployed API', () => import('./commands/openapi.ts')],
  doctor: ['find what would fail, and say how to fix it', () => import('./commands/doctor.ts')],
  logs: ['show the logs of the function and the API', () => import('./commands/logs.ts')],
  template: ['print the CloudFormation template', () => import('./commands/template.ts')],
  'iam-policy': ['print the smallest IAM policy to deploy, call and delete the stack', () => import('./commands/iam-policy.ts')],
  completion: ['print a completion script for bash, zsh or fish', () => import('./commands/completion.ts')],
  destroy: ['delete the stack; report what is gone and what was kept', () => import('./commands/destroy.ts')],
};

const HELP_EPILOGUE = `
Start here, without an AWS account:
  agentstream dev --exec 'agentstream invoke "Tell me a story"'

Exit codes: 0 success, 1 failure, 2 usage error, 3 bench cannot judge, 4 a
stream broke off or ended with an error, 70 a bug, 99 a threshold failed, 130
interrupted
`;

/**
 * Runs one command line.
 * @param argv arguments after the program's name
 * @param terminal its environment is tidied
 * @returns the exit code; never throws and never ends the process
 */
export async function main(argv: readonly string[], terminal: Terminal): Promise<number> {
  tidyEnvironment(terminal.env);
  const interrupt = new AbortController();
  // Once: a second Ctrl-C finds no listener and ends the process as the system does. Not removed at once, since a library that
  // restores the cursor on the same signal would take itself for the only listener and end the process now.
  const removeListener = terminal.onInterrupt(() => {
    interrupt.abort(new AbortError());
    setImmediate(() => removeListener());
  });
  // Nobody reads on: what runs is stopped, and there is nobody to tell.
  terminal.stdout.onGone(() => interrupt.abort(new AbortError()));
  const context: MainContext = { terminal, signal: interrupt.signal, target: {}, losses: [] };
  const json = argv.includes('--json');
  let code: number = EXIT.ok;
  try {
    // Asked in loops and prompts: answered without loading anything.
    if (argv.length === 1 && /^(--version|-V)$/.test(argv[0] ?? '')) terminal.stdout.write(`${readVersion()}\n`);
    else await (await createProgram(argv, context)).parseAsync(argv, { from: 'user' });
  } catch (error) {
    code = terminal.stdout.isGone ? EXIT.ok : report(error, context, json);
  } finally {
    removeListener();
  }
  const { failure } = terminal.stdout;
  if (failure) context.losses.push(cannotWrite('stdout', failure));
  for (const loss of context.losses) report(loss, context, json && code === EXIT.ok);
  return code === EXIT.ok && context.losses.length > 0 ? EXIT.operation : code;
}

type MainContext = CommandContext & { target: Target };

/** @param context its `target` is set as soon as the flags are known */
async function createProgram(argv: readonly string[], context: MainContext): Promise<Command> {
  const { Command } = await import('commander');
  const { stdout, stderr, env } = context.terminal;
  const program = new Command('agentstream')
    .description('Put an Amazon Bedrock AgentCore agent behind a streaming API Gateway endpoint.')
    .version(readVersion(), '-V, --version')
    .addHelpText('after', HELP_EPILOGUE)
    .exitOverride()
    // Options belong to the command that they stand behind.
    .enablePositionalOptions()
    .hook('preAction', (_, command) => {
      context.target = readTarget(command.opts(), env);
    })
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      getOutHelpWidth: () => stdout.columns,
      getErrHelpWidth: () => stderr.columns,
    });
  const chosen = argv.find((argument) => !argument.startsWith('-'));
  for (const [name, [summary, load]] of Object.entries(COMMANDS)) {
    const command = program.command(name).description(summary);
    const configure = async (): Promise<void> => (await load()).configure(command, context);
    if (name === chosen || (chosen === 'help' && argv.includes(name))) await configure();
    // A completion is made from all of them; its help is not.
    else if (chosen === 'completion') program.hook('preAction', configure);
  }
  return program;
}

/** Says what went wrong, and gives the exit code that goes with it: the one place where the two meet. */
function report(error: unknown, { terminal, target }: CommandContext, json: boolean): number {
  if (isCommanderError(error)) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  const known = isAbort(error) && !(error instanceof AgentstreamError) ? new AbortError() : error;
  if (!(known instanceof AgentstreamError)) {
    const stack = known instanceof Error ? known.stack : String(known);
    terminal.stderr.write(`this is a bug in agentstream:\n${stack}\n`);
    if (json) printFailure(terminal, { code: 'BUG', message: String(known) });
    return EXIT.bug;
  }
  tellFailure(known, terminal, target);
  if (json && !known.isInDocument) printFailure(terminal, failureJson(known, target));
  return known.exitCode;
}

/** Commander has said on the terminal what it is about. Known by its code, since the class is loaded only when it is needed. */
function isCommanderError(error: unknown): error is Error & { readonly exitCode: number } {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('commander.');
}

function printFailure(terminal: Terminal, error: object): void {
  createJsonLines(terminal.stdout)({ type: 'result', ok: false, error });
}
