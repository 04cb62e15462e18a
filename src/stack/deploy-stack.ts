import { type CloudFormationClient, UpdateTerminationProtectionCommand } from '@aws-sdk/client-cloudformation';
import { AbortError, hint, OperationError, UsageError } from '../cli/errors.ts';
import { type ChangeSet, type ChangeSetInput, createChangeSet, discardChangeSet, executeChangeSet } from './change-set.ts';
import { deployFailure } from './stack-report.ts';
import type { Stack } from '../aws/stack.ts';
import type { ParameterValues } from '../aws/stack-values.ts';
import { checkSettings } from './check-settings.ts';
import { effectiveParameters, mergeParameters, mergeTags } from './parameters.ts';
import { type StartingPoint, recoverStack } from './recover-stack.ts';
import type { ResourceChange } from './resource-change.ts';
import type { RenderedTemplate } from '../templates/render.ts';
import { SETTING_ROWS } from './settings/settings.ts';
import { createStackContext, type OperationInput, type StackContext } from './stack-context.ts';
import { watchStack } from './watch-stack.ts';

export interface DeployInput extends OperationInput, Pick<ChangeSetInput, 'stackName' | 'roleArn'> {
  /** Requested template parameters; undefined keeps the stack's value. */
  readonly parameters: ParameterValues;
  /** Renders the template for the parameters after the deploy. Absent: the stack keeps its template. */
  readonly renderTemplate?: (effective: ParameterValues) => RenderedTemplate;
  /** File of the user's own handler; empty for the bundled one, undefined when none was named. */
  readonly handler?: string | undefined;
  /** Called before anything changes; its error ends the deploy and leaves nothing behind. */
  readonly approve?: (changes: readonly ResourceChange[]) => Promise<void>;
  /** Tags to set; an empty value removes one. Undefined keeps the stack's. */
  readonly tags?: Readonly<Record<string, string>> | undefined;
  /** Undefined leaves termination protection as it is. */
  readonly terminationProtection?: boolean | undefined;
  /** CloudFormation's express mode. Default false. */
  readonly isExpress?: boolean;
  /** Leave a failed operation as it is, without rollback. Default false. */
  readonly disableRollback?: boolean;
}

interface DeployResult {
  readonly type: 'created' | 'updated' | 'no-changes';
  readonly stack: Stack;
}

/** Attempts when other deploys of the stack keep coming first. */
const MAX_ATTEMPTS = 5;

/**
 * Creates or updates the stack through a change set and follows it to the end, after other operations on the stack have ended.
 * @throws {OperationError} DEPLOY_FAILED that names the resource and the reason, after the rollback has ended; CHANGE_SET_FAILED;
 *   STACK_STUCK; FOREIGN_STACK; MISSING_AGENT_ARN for a new stack without one
 * @throws {UsageError} as `checkSettings`
 * @throws AbortError when the signal is aborted: nothing is left when the operation had not started; otherwise it continues in AWS
 */
export async function deployStack(client: CloudFormationClient, input: DeployInput): Promise<DeployResult> {
  const context = createStackContext(client, input);
  let asked = input;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await deployOnce(context, asked, (inherited) => (asked = inherited));
    } catch (error) {
      if (!isOvertaken(error) || attempt === MAX_ATTEMPTS) throw error;
      context.onEvent({ type: 'note', text: 'another deploy of the stack came first: starting again after it' });
    }
  }
}

/** Shows the changes that a deploy would make, and deletes the change set again. */
export async function previewDeploy(client: CloudFormationClient, input: DeployInput): Promise<readonly ResourceChange[]> {
  const context = createStackContext(client, input);
  const start = await recoverStack(context, input.stackName, { keepFailures: input.disableRollback === true, isDryRun: true });
  const changeSet = await plan(context, input, start);
  const changes = changeSet?.changes ?? [];
  if (changeSet) {
    context.onEvent({ type: 'changes', changes });
    await discardChangeSet(context, changeSet);
  }
  const { terminationProtection: isWanted } = input;
  if (isWanted !== undefined && isWanted !== (start.stack?.isProtected ?? false))
    context.onEvent({ type: 'note', text: `termination protection would be turned ${isWanted ? 'on' : 'off'}` });
  return changes;
}

/** @param onInherit called with the input that takes the settings of a failed create along, before the remains of that are deleted */
async function deployOnce(
  context: StackContext,
  given: DeployInput,
  onInherit: (input: DeployInput) => void,
): Promise<DeployResult> {
  const { disableRollback = false } = given;
  let input = given;
  const start = await recoverStack(context, input.stackName, {
    keepFailures: disableRollback,
    isDryRun: false,
    beforeRemoval(stack) {
      input = inheritSettings(given, stack);
      checkInput(input, undefined);
      onInherit(input);
    },
  });
  const current = start.stack;
  const changeSet = await plan(context, input, start);
  if (!changeSet) {
    if (!current) throw new OperationError('CHANGE_SET_FAILED', 'CloudFormation found nothing to create');
    // Termination protection is set outside the template.
    const isChanged = await protectStack(context, current, input.terminationProtection);
    return { type: isChanged ? 'updated' : 'no-changes', stack: current };
  }
  const { changes, type, stackId } = changeSet;
  const token = await begin(context, input, changeSet, start);
  context.onEvent({ type: 'step', text: current ? 'updating the stack' : 'creating the stack' });
  context.onEvent({ type: 'begun', resources: changes.length });
  const { stack, events } = await watchStack(context, stackId, { token });
  if (stack.status !== `${type}_COMPLETE`) throw deployFailure(stack, events);
  await protectStack(context, stack, input.terminationProtection);
  return { type: current ? 'updated' : 'created', stack };
}

async function plan(context: StackContext, input: DeployInput, { stack, mustKeepFailures }: StartingPoint) {
  const { stackName, parameters, renderTemplate, isExpress = false } = input;
  const effective = checkInput(input, stack);
  const template = renderTemplate?.(effective);
  context.onEvent({ type: 'step', text: 'preparing the change set' });
  return createChangeSet(context, {
    stackName,
    type: stack ? 'UPDATE' : 'CREATE',
    templateBody: template?.body,
    parameters: mergeParameters(parameters, stack?.parameters, template?.parameters),
    tags: mergeTags(input.tags, stack?.tags),
    roleArn: input.roleArn,
    disableRollback: input.disableRollback === true || mustKeepFailures,
    isExpress,
  });
}

/**
 * Refuses impossible settings before the deploy changes anything.
 * @param stack undefined when the deploy creates it
 * @returns the parameters after the deploy
 * @throws {OperationError} MISSING_AGENT_ARN; {UsageError} OWN_HANDLER, as `checkSettings`
 */
function checkInput({ stackName, parameters, ...input }: DeployInput, stack: Stack | undefined): ParameterValues {
  if (!stack && parameters['AgentRuntimeArn'] === undefined) {
    const text = `there is no stack ${stackName} yet, and no agent was named for a new one`;
    throw new OperationError('MISSING_AGENT_ARN', text, { hint: hint`${['agentstream', 'deploy', '--agent-arn', 'ARN']}` });
  }
  const own = stack?.outputs['Handler'];
  if (own && input.renderTemplate && input.handler === undefined) {
    const deploy = ['agentstream', 'deploy', '--handler'];
    const cure = hint`give it again: ${[...deploy, own]}; or go back to the bundled one: ${[...deploy, '']}`;
    throw new UsageError('OWN_HANDLER', `the stack ${stackName} runs your own handler (${own}), which was not given`, {
      hint: cure,
    });
  }
  const effective = effectiveParameters(parameters, stack?.parameters);
  checkSettings(effective, stack?.parameters);
  return effective;
}

/** A create that failed has left its settings only in the stack that is about to be deleted. A stack that was half deleted has not failed to begin. */
function inheritSettings(input: DeployInput, { status, parameters, tags }: Stack): DeployInput {
  if (status === 'DELETE_FAILED') return input;
  const known = Object.fromEntries(
    SETTING_ROWS.flatMap(([name]) => (parameters[name] === undefined ? [] : [[name, parameters[name]]])),
  );
  return {
    ...input,
    parameters: effectiveParameters(input.parameters, known),
    tags: Object.keys(tags).length === 0 ? input.tags : { ...tags, ...input.tags },
  };
}

/** Shows the changes, asks for approval and starts the operation. */
async function begin(context: StackContext, input: DeployInput, changeSet: ChangeSet, { mustKeepFailures }: StartingPoint) {
  try {
    context.onEvent({ type: 'changes', changes: changeSet.changes });
    await input.approve?.(changeSet.changes);
    if (context.signal.aborted) throw new AbortError();
    return await executeChangeSet(context, changeSet, input.disableRollback === true || mustKeepFailures);
  } catch (error) {
    await discardChangeSet(context, changeSet);
    throw error;
  }
}

/** Another operation started between two of our steps, so the change set no longer applies. */
function isOvertaken(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (
    /^(ChangeSetNotFound|InvalidChangeSetStatus)/.test(error.name) ||
    (error.name === 'ValidationError' &&
      /state and can not be updated|cannot be created again|Stack .*does not exist/.test(error.message))
  );
}

/**
 * Turns termination protection on or off, which a change set cannot do.
 * @param isWanted undefined leaves it as it is
 * @returns whether it had to be changed
 */
async function protectStack({ client, retrying, onEvent }: StackContext, stack: Stack, isWanted: boolean | undefined) {
  if (isWanted === undefined || isWanted === stack.isProtected) return false;
  onEvent({ type: 'step', text: `turning termination protection ${isWanted ? 'on' : 'off'}` });
  await retrying(() =>
    client.send(new UpdateTerminationProtectionCommand({ StackName: stack.id, EnableTerminationProtection: isWanted })),
  );
  return true;
}
