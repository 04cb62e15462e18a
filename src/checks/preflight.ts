import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { AwsAccess } from '../aws/aws-access.ts';
import type { AgentRuntimeArn } from '../aws/arns.ts';
import { checkCredentials } from './check-account.ts';
import { checkAccessLogRole, checkConcurrency } from './check-account-settings.ts';
import { accountOf, checkAgentRuntime } from './check-agent.ts';
import { checkCertificate } from './check-stack.ts';
import type { Check } from './check.ts';
import { describeStack } from '../aws/stack.ts';
import type { ParameterValues } from '../aws/stack-values.ts';
import { effectiveParameters } from '../stack/parameters.ts';

export interface PreflightInput {
  readonly client: CloudFormationClient;
  readonly access: AwsAccess;
  /** Undefined when the stack keeps the one that it has. */
  readonly agent: AgentRuntimeArn | undefined;
  readonly stackName: string;
  /** Template parameters that were asked for. */
  readonly parameters: ParameterValues;
}

/**
 * The checks of `doctor` that tell whether a deploy would fail, before anything is made; those of an option only when it is set. Throws
 * nothing: what AWS does not let the caller ask is a note.
 */
export async function runPreflight(input: PreflightInput): Promise<readonly Check[]> {
  const { client, access, agent } = input;
  const credentials = await checkCredentials(client, access);
  // Nothing can be asked without them.
  if (credentials.status === 'failed') return [credentials];
  // Undefined for a new stack; and where the caller may not ask, which the deploy says in its own words.
  const stack = await describeStack(client, input.stackName).catch(() => undefined);
  const found = [credentials, ...(agent ? await checkAgentRuntime(agent, access, accountOf(stack)) : [])];
  if (found.some(({ status }) => status === 'failed')) return found;
  return [...found, ...(await checkOptions(input, stack?.parameters))];
}

async function checkOptions({ client, access, parameters: given }: PreflightInput, current: ParameterValues | undefined) {
  const parameters = effectiveParameters(given, current);
  const { DomainName: domain, CertificateArn: certificate, EndpointType: type } = parameters;
  const wanted = Number(parameters['MaxConcurrency'] ?? 0);
  const reserved = Number(current?.['MaxConcurrency'] ?? 0);
  const region = await client.config.region();
  const asked = await Promise.all([
    parameters.AccessLog === 'on' ? checkAccessLogRole(access, true) : undefined,
    wanted > reserved ? checkConcurrency(access, { type: 'reserve', wanted, current: reserved }) : undefined,
  ]);
  const seen = domain && certificate ? checkCertificate(certificate, type ?? 'REGIONAL', region) : undefined;
  return [...asked, seen].filter((check) => check !== undefined);
}
