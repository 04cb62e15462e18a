import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { AwsAccess } from '../aws-access.ts';
import type { AgentRuntimeArn } from './agent-runtime-arn.ts';
import { checkAccessLogRole, needsAccessLogRole } from './check-access-log-role.ts';
import { checkAgentRuntime } from './check-agent-runtime.ts';
import { checkCredentials } from './check-credentials.ts';
import type { CheckResult } from './check-result.ts';

export interface PreflightInput {
  readonly client: CloudFormationClient;
  readonly access: AwsAccess;
  /** Undefined when the stack keeps the one that it has. */
  readonly agent: AgentRuntimeArn | undefined;
  readonly template: string;
}

/** Looks for what would break a deploy, before anything is made. Throws nothing: what may not be asked is a note. */
export async function runPreflight(input: PreflightInput): Promise<readonly CheckResult[]> {
  const { client, access, agent, template } = input;
  const credentials = await checkCredentials(client, access);
  // Nothing can be asked without them.
  if (credentials.status === 'failed') return [credentials];
  const others = await Promise.all([
    agent ? checkAgentRuntime(agent, access) : [],
    needsAccessLogRole(template) ? checkAccessLogRole(access) : [],
  ]);
  return [credentials, ...others.flat()];
}
