import { askEmulator, resolveAwsAccess } from '../aws/aws-access.ts';
import { parseAgentRuntimeArn } from '../aws/arns.ts';
import { withRegion } from '../stack/stack-run.ts';
import { createStackClient } from '../aws/stack.ts';
import { hint, OperationError } from '../cli/errors.ts';
import { failureJson } from '../cli/failure.ts';
import { type CommandContext, readStackName, readTokenOrigin, type StackFlags, type TokenFlags } from '../cli/options.ts';
import type { GivenCredentials } from '../endpoint/credentials.ts';
import { createJsonLines, createStyle } from '../ui/terminal.ts';
import { type AccountInput, checkAccount } from './check-account.ts';
import { accountOf, checkAgent } from './check-agent.ts';
import { checkEndpoint } from './check-endpoint.ts';
import { checkMachine } from './check-machine.ts';
import { checkStack } from './check-stack.ts';
import { type Check, checkJson, checkLines, note } from './check.ts';

interface DoctorFlags extends StackFlags, TokenFlags {
  readonly agentArn?: string;
}

/** Groups of checks, in their order. */
const TITLES = {
  machine: 'This machine',
  account: 'The AWS account',
  stack: 'The stack',
  agent: 'The agent',
  endpoint: 'The endpoint',
} as const;

type GroupedCheck = Check & { readonly group: keyof typeof TITLES };

/**
 * Checks the machine, the account, the stack, its agent and its endpoint, and prints each check as it is known.
 * @throws {OperationError} CHECKS_FAILED when one of them fails
 */
export async function runDoctor(flags: DoctorFlags, context: CommandContext): Promise<void> {
  const { target, signal, terminal } = context;
  const { stdout, env } = terminal;
  const agentArn = flags.agentArn ?? env['AGENTSTREAM_AGENT_ARN'];
  const counts = { checks: 0, failed: 0, warnings: 0 };
  const print = createJsonLines(stdout);
  const style = createStyle(stdout, env);
  let last: GroupedCheck['group'] | undefined;
  const checks = examine({
    stackName: readStackName(flags, env),
    access: await askEmulator(await withRegion(resolveAwsAccess(flags, env), regionOf(agentArn))),
    agentArn,
    nodeVersion: process.versions.node,
    nowMs: () => Date.now(),
    given: readTokenOrigin(flags, env),
    signal,
  });
  for await (const check of checks) {
    counts.checks += 1;
    if (check.status === 'failed') counts.failed += 1;
    if (check.status === 'warning') counts.warnings += 1;
    if (flags.json) {
      print(checkJson(check, target));
      continue;
    }
    if (check.group !== last) stdout.write(`${last === undefined ? '' : '\n'}${style.bold(TITLES[check.group])}\n`);
    last = check.group;
    stdout.write(checkLines(check, style, target));
  }
  const { failed, checks: all } = counts;
  const text = `${failed} of ${all} checks failed`;
  const failure = failed > 0 ? new OperationError('CHECKS_FAILED', text, { isInDocument: true }) : undefined;
  if (flags.json) print({ type: 'result', ok: !failure, ...counts, ...(failure && { error: failureJson(failure, target) }) });
  if (failure) throw failure;
  const words = counts.warnings === 0 ? 'nothing is wrong' : 'nothing fails, see the warnings';
  if (!flags.json) stdout.write(`\n${style.green(words)}\n`);
}

/** The Region of an ARN, where `deploy` puts the stack when none is configured; undefined for a wrong ARN, which a check tells. */
function regionOf(arn: string | undefined): string | undefined {
  try {
    return arn === undefined ? undefined : parseAgentRuntimeArn(arn).region;
  } catch {
    return undefined;
  }
}

interface ExamineInput extends Omit<AccountInput, 'client'> {
  /** Undefined for that of the stack. */
  readonly agentArn: string | undefined;
  /** For example `20.19.0`. */
  readonly nodeVersion: string;
  /** A token for the endpoint, which the stack does not give. */
  readonly given?: GivenCredentials;
  readonly signal: AbortSignal;
}

/**
 * Checks everything that a deploy and a stream need, from the machine outwards. Checks that depend on something that failed are left
 * out; what AWS does not let the caller ask is a note.
 * @throws AbortError when the signal is aborted
 */
export async function* examine(input: ExamineInput): AsyncGenerator<GroupedCheck, void> {
  const { stackName, access, signal } = input;
  yield* grouped('machine', checkMachine(input.nodeVersion), signal);
  const client = await createStackClient(access);
  try {
    const account = checkAccount({ client, access, stackName, nowMs: input.nowMs });
    const stack = yield* grouped('account', account, signal);
    if (stack === 'unreachable') return;
    const region = await client.config.region();
    if (stack === 'none') {
      const text = `there is no stack ${stackName} in ${region}: nothing is deployed there yet`;
      yield { group: 'stack', ...note('state', text, hint`${['agentstream', 'deploy', '--agent-arn', 'ARN']}`) };
    } else {
      yield* grouped('stack', checkStack(stack, access, region), signal);
    }
    const deployed = stack === 'none' ? undefined : stack;
    const arn = input.agentArn ?? deployed?.parameters['AgentRuntimeArn'];
    yield* grouped('agent', checkAgent(arn, access, region, accountOf(deployed)), signal);
    if (deployed) yield* grouped('endpoint', checkEndpoint(deployed, access, input.given, signal), signal);
  } finally {
    client.destroy();
  }
}

/** @returns what the checks return */
async function* grouped<T>(group: GroupedCheck['group'], checks: AsyncGenerator<Check, T>, signal: AbortSignal) {
  for (;;) {
    signal.throwIfAborted();
    const { done, value } = await checks.next();
    if (done) return value;
    yield { group, ...value };
  }
}
