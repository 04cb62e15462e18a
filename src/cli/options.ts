import type { Command } from 'commander';
import type { Terminal } from '../ui/terminal.ts';
import { DEFAULT_STACK_NAME, type Target } from './command-line.ts';
import { type OperationError, UsageError } from './errors.ts';
import { headerValue } from './given-values.ts';

/** CloudFormation's rule for stack names (API reference of CreateStack). */
const STACK_NAME_PATTERN = /^[A-Za-z][A-Za-z0-9-]{0,127}$/;

/** Flags of every command that talks to AWS. Each is also an environment variable; the flag wins. */
export interface StackFlags {
  readonly stackName?: string;
  readonly region?: string;
  readonly profile?: string;
  readonly local?: boolean;
  readonly json?: boolean;
}

/** Where a bearer token comes from. */
export type TokenFlags = { readonly token?: string; readonly tokenCommand?: string };

/** Flags of every command that talks to the endpoint. */
export interface EndpointFlags extends StackFlags, TokenFlags {
  readonly url?: string;
  readonly apiKey?: string;
  readonly sigv4?: boolean;
}

export function addStackFlags(command: Command): Command {
  return command
    .option('--stack-name <name>', `name of the stack (default: ${DEFAULT_STACK_NAME}; env: AGENTSTREAM_STACK_NAME)`)
    .option('--region <region>', 'AWS Region, such as us-west-2 (env: AWS_REGION)', trimmed)
    .option('--profile <name>', 'profile of the AWS configuration (env: AWS_PROFILE)', trimmed)
    .option('--local', 'use a running `agentstream dev` in place of AWS (env: AGENTSTREAM_LOCAL, 1 or its URL)')
    .option('--json', 'print JSON lines; the last one has type "result"');
}

export function addEndpointFlags(command: Command): Command {
  addStackFlags(command)
    .option('--url <url>', 'call this URL in place of a stack, such as https://api.example.com/agent (env: AGENTSTREAM_URL)')
    .option('--api-key <key>', 'API key for --url (env: AGENTSTREAM_API_KEY)');
  return addTokenFlags(command).option('--sigv4', 'sign requests to --url with the AWS credentials, for IAM authorization');
}

export function addTokenFlags(command: Command): Command {
  return command
    .option('--token <token>', 'bearer token, for a user pool or a Lambda authorizer (env: AGENTSTREAM_TOKEN)')
    .option('--token-command <command>', 'shell command that prints a token; runs again when the token expires or is refused');
}

/**
 * Gives a command its examples, which stand below its help, and its work.
 * @param load loads the work when the command runs, so that other commands start without it; the work gets the arguments, the flags and
 *   the context
 */
export function addAction(
  command: Command,
  context: CommandContext,
  examples: string,
  load: () => Promise<(...given: never[]) => Promise<void> | void>,
): void {
  command.addHelpText('after', examples).action(async () => {
    const work = (await load()) as (...given: readonly unknown[]) => Promise<void> | void;
    await work(...command.processedArgs, command.opts(), context);
  });
}

/** Empty is "not given": scripts pass variables that may be unset. */
function trimmed(text: string): string | undefined {
  return text.trim() || undefined;
}

/** @throws {UsageError} INVALID_STACK_NAME */
export function readStackName(flags: StackFlags, env: NodeJS.ProcessEnv): string {
  const name = flags.stackName ?? env['AGENTSTREAM_STACK_NAME'] ?? DEFAULT_STACK_NAME;
  if (STACK_NAME_PATTERN.test(name)) return name;
  throw new UsageError('INVALID_STACK_NAME', `not a stack name: ${name}`, {
    hint: 'letters, digits and hyphens, starting with a letter, 128 at most',
  });
}

/**
 * Which endpoint is meant, of a URL or of a stack, and what its caller has to show. A stack that is named on the command line wins over
 * a URL of the environment, a flag over each variable.
 * @throws {UsageError} CONFLICTING_FLAGS; INVALID_VALUE for an API key that cannot be a header
 */
export function readEndpointQuery(flags: EndpointFlags, env: NodeJS.ProcessEnv) {
  const { sigv4 = false, apiKey = env['AGENTSTREAM_API_KEY'] } = flags;
  const origin = readTokenOrigin(flags, env);
  if (sigv4 && (flags.token ?? flags.tokenCommand ?? flags.apiKey) !== undefined) {
    throw new UsageError('CONFLICTING_FLAGS', '--sigv4 signs: it needs no token and no API key', {
      hint: 'leave --token, --token-command and --api-key out',
    });
  }
  return {
    stackName: readStackName(flags, env),
    url: flags.url ?? (flags.stackName === undefined ? env['AGENTSTREAM_URL'] : undefined),
    apiKey: apiKey === undefined ? undefined : headerValue('the API key (--api-key, AGENTSTREAM_API_KEY)', apiKey),
    ...origin,
    sigv4,
  };
}

/** Where a token comes from: a flag wins over the variable. @throws {UsageError} CONFLICTING_FLAGS */
export function readTokenOrigin({ token, tokenCommand }: TokenFlags, env: NodeJS.ProcessEnv) {
  if (token !== undefined && tokenCommand !== undefined)
    throw new UsageError('CONFLICTING_FLAGS', '--token and --token-command both name a token', { hint: 'give one of them' });
  return { token: token ?? (tokenCommand === undefined ? env['AGENTSTREAM_TOKEN'] : undefined), tokenCommand };
}

/** The context that every command gets beside its flags. */
export interface CommandContext {
  readonly terminal: Terminal;
  /** Aborted by Ctrl-C or SIGTERM. A second one ends the process at once. */
  readonly signal: AbortSignal;
  /** The stack and the endpoint that the flags name, for commands that are printed. */
  readonly target: Target;
  /** Files that could not be written. The command reports them at its end, since its work is worth more than the file. */
  readonly losses: OperationError[];
}
