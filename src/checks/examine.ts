import type { AwsAccess } from '../aws/aws-access.ts';
import type { GivenCredentials } from '../endpoint/credentials.ts';
import { hint } from '../cli/hint.ts';
import { createStackClient } from '../aws/stack-client.ts';
import { checkAccount } from './check-account.ts';
import { checkAgent } from './check-agent.ts';
import { checkEndpoint } from './check-endpoint.ts';
import { checkMachine } from './check-machine.ts';
import { checkStack } from './check-stack.ts';
import type { Check, CheckGroup, Finding } from './check.ts';

export interface ExamineInput {
  readonly stackName: string;
  readonly access: AwsAccess;
  /** Undefined for that of the stack. */
  readonly agentArn: string | undefined;
  /** For example `20.19.0`. */
  readonly nodeVersion: string;
  /** This machine's clock, epoch ms. */
  readonly nowMs: () => number;
  /** A token for the endpoint, which the stack does not give. */
  readonly given?: GivenCredentials;
  readonly signal: AbortSignal;
}

/**
 * Checks all that a deploy and a stream need, from the machine outwards. What hangs on something that failed is left out; what may
 * not be asked is a note.
 * @throws AbortError when the signal is aborted
 */
export async function* examine(input: ExamineInput): AsyncGenerator<Check, undefined> {
  const { stackName, access, signal } = input;
  yield* grouped('machine', checkMachine(input.nodeVersion), signal);
  const client = createStackClient(access);
  try {
    const account = checkAccount({ client, access, stackName, nowMs: input.nowMs });
    const stack = yield* grouped('account', account, signal);
    if (stack === 'unreachable') return undefined;
    const region = await client.config.region();
    if (stack === 'none') {
      yield {
        group: 'stack',
        name: 'state',
        status: 'note',
        text: `there is no stack ${stackName} in ${region}: nothing is deployed there yet`,
        fix: hint`${['agentstream', 'deploy', '--agent-arn', 'ARN']}`,
      };
    } else {
      yield* grouped('stack', checkStack(stack, access, region), signal);
    }
    const deployed = stack === 'none' ? undefined : stack;
    const arn = input.agentArn ?? deployed?.parameters['AgentRuntimeArn'];
    yield* grouped('agent', checkAgent(arn, access, region), signal);
    if (deployed) {
      const endpoint = checkEndpoint(deployed, access, input.given, signal);
      yield* grouped('endpoint', endpoint, signal);
    }
  } finally {
    client.destroy();
  }
  return undefined;
}

/** @returns what the findings return */
async function* grouped<T>(
  group: CheckGroup,
  findings: AsyncGenerator<Finding, T>,
  signal: AbortSignal,
): AsyncGenerator<Check, T> {
  for (;;) {
    signal.throwIfAborted();
    const { done, value } = await findings.next();
    if (done) return value;
    yield { group, ...value };
  }
}
