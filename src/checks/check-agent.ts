import type { AwsAccess } from '../aws/aws-access.ts';
import { UsageError } from '../cli/errors.ts';
import { hint } from '../cli/hint.ts';
import { type AgentRuntimeArn, parseAgentRuntimeArn } from '../aws/agent-runtime-arn.ts';
import { checkAgentRuntime } from './check-agent-runtime.ts';
import type { Finding } from './check.ts';
import { toFinding } from './check-account.ts';

const NAME = 'agent-runtime';

/**
 * Whether the function can call the agent: it exists, is ready, speaks HTTP, takes SigV4 and has MMDSv2.
 * @param arn that was given, else the stack's
 * @param region of the stack
 */
export async function* checkAgent(
  arn: string | undefined,
  access: AwsAccess,
  region: string,
): AsyncGenerator<Finding, undefined> {
  if (arn === undefined) {
    const fix = hint`${['agentstream', 'doctor', '--agent-arn', 'ARN']}`;
    yield { name: NAME, status: 'note', text: 'no agent was given, so none was checked', fix };
    return undefined;
  }
  let agent: AgentRuntimeArn;
  try {
    agent = parseAgentRuntimeArn(arn);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    yield { name: NAME, status: 'failed', text: error.message, fix: error.hint };
    return undefined;
  }
  for (const result of await checkAgentRuntime(agent, access)) yield toFinding(result, NAME);
  if (agent.region !== region) {
    yield {
      name: 'agent-region',
      status: 'warning',
      text: `the agent is in ${agent.region}, the stack in ${region}: every turn crosses Regions`,
      fix: hint`a stack beside it: ${['agentstream', 'deploy', '--region', agent.region, '--agent-arn', 'ARN']}`,
    };
  }
  return undefined;
}
