import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { OperationError } from '../cli/errors.ts';
import { hint } from '../cli/hint.ts';
import { deployStack, type DeployInput, type DeployResult } from './deploy-stack.ts';
import { describeStack, type Stack } from '../aws/describe-stack.ts';
import type { ParameterValues } from '../aws/stack-values.ts';
import { requireOwnStack } from './own-stack.ts';

/** How an operation on the keys runs. */
export type KeyRun = Pick<DeployInput, 'stackName' | 'onEvent' | 'signal' | 'timing'>;

/**
 * Makes a second API key, which the stack names from now on; the first goes on to be valid until `retireApiKey`.
 * @throws {OperationError} KEY_NOT_RETIRED while an earlier rotation is open; as `openKeyStack`, as `deployStack`
 */
export async function rotateApiKey(
  client: CloudFormationClient,
  run: KeyRun,
): Promise<DeployResult | undefined> {
  const stack = await openKeyStack(client, run.stackName);
  if (!stack) return undefined;
  if (hasOtherKey(stack)) {
    throw new OperationError(
      'KEY_NOT_RETIRED',
      `the stack ${stack.name} has two valid API keys already: an earlier rotation is not finished`,
      { hint: hint`end the older key first: ${['agentstream', 'key', 'retire']}` },
    );
  }
  const slot = stack.parameters['ApiKeySlot'] === 'a' ? 'b' : 'a';
  return change(client, run, { ApiKeySlot: slot, KeepsOtherApiKey: 'yes' });
}

/**
 * Ends the older of two API keys; with one key there is nothing to do.
 * @throws {OperationError} as `openKeyStack`, as `deployStack`
 */
export async function retireApiKey(
  client: CloudFormationClient,
  run: KeyRun,
): Promise<DeployResult | undefined> {
  const stack = await openKeyStack(client, run.stackName);
  if (!stack) return undefined;
  if (!hasOtherKey(stack)) return { type: 'no-changes', stack, changes: [] };
  return change(client, run, { KeepsOtherApiKey: 'no' });
}

/**
 * A stack whose key can be exchanged; undefined when there is none of this name.
 * @throws {OperationError} FOREIGN_STACK; NO_API_KEY for another auth mode; STACK_TOO_OLD for a template that knows one key only
 */
async function openKeyStack(
  client: CloudFormationClient,
  stackName: string,
): Promise<Stack | undefined> {
  const stack = await describeStack(client, stackName);
  if (!stack) return undefined;
  await requireOwnStack(client, stack, 'name another with --stack-name');
  const mode = stack.parameters['AuthMode'] ?? 'none';
  if (mode !== 'api-key') {
    throw new OperationError(
      'NO_API_KEY',
      `the stack ${stack.name} has no API key: its callers are let in by --auth ${mode}`,
      { hint: hint`${['agentstream', 'deploy', '--auth', 'api-key']} makes one` },
    );
  }
  if (stack.parameters['ApiKeySlot'] !== undefined) return stack;
  throw new OperationError(
    'STACK_TOO_OLD',
    `the template of the stack ${stack.name} has room for one API key only`,
    { hint: hint`bring it up to date first: ${['agentstream', 'deploy']}` },
  );
}

function hasOtherKey({ parameters }: Stack): boolean {
  return parameters['KeepsOtherApiKey'] === 'yes';
}

/** The stack keeps its own template: a key is no reason to exchange its function, which may be one of the user's own. */
function change(
  client: CloudFormationClient,
  run: KeyRun,
  parameters: ParameterValues,
): Promise<DeployResult> {
  return deployStack(client, { ...run, parameters });
}
