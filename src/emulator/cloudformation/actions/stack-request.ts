import type { Form } from '../../protocols/query.ts';
import { checkCapabilities } from '../template/capabilities.ts';
import { NAME_PATTERN, type CloudFormationLimits } from '../limits.ts';
import type { DeploymentMode, Stack } from '../engine/stack.ts';
import type { CloudFormationOptions } from '../options.ts';
import { resolveParameters } from '../template/parameters.ts';
import { defineStack, type StackDefinition } from '../engine/stack-definition.ts';
import { checkReferences, parseTemplate, type Template } from '../template/template.ts';
import { brokenConstraint, templateFormatError, validationError } from '../../kernel/aws-error.ts';
import type { StackStore } from '../store.ts';
import { type ActionContext, readFlag, readParameters, readTags, readText, readTexts } from './action.ts';

/** Request members that define the target state of a stack; requests for stacks and for change sets share them. */
export const DEFINITION_MEMBERS = 'StackName TemplateBody Parameters Capabilities Tags NotificationARNs RoleARN';

/** Statuses in which AWS accepts updates (user guide, "Stack status codes"); the failed ones only with rollback disabled. */
const UPDATABLE = 'CREATE_COMPLETE UPDATE_COMPLETE UPDATE_ROLLBACK_COMPLETE CREATE_FAILED UPDATE_FAILED'.split(' ');

/** @param disableRollback a failed stack has no state to roll back to. @throws {AwsError} ValidationError (400) */
export function checkUpdatable({ id, status }: Stack, disableRollback: boolean): void {
  if (!UPDATABLE.includes(status)) throw validationError(`Stack:${id} is in ${status} state and can not be updated.`);
  if (status.endsWith('_FAILED') && !disableRollback) {
    // The text that users report.
    throw validationError(
      `This stack is currently in a non-terminal [${status}] state. To update the stack from this state, please use the disable-rollback parameter with update-stack API. To rollback to the last known good state, use the rollback-stack API`,
    );
  }
}

/** @throws {AwsError} ValidationError (400) in the words of most actions; DescribeStacks has others (`StackStore.get`) */
export function requireStack(store: StackStore, nameOrArn: string): Stack {
  const stack = store.find(nameOrArn);
  if (!stack) throw validationError(`Stack [${nameOrArn}] does not exist`);
  return stack;
}

/** Whether an operation leaves failures as they are, when the request itself does not say. */
export function rollbackDisabled(
  { mode, disableRollback }: DeploymentMode,
  { expressDisablesRollback = true }: CloudFormationOptions,
): boolean {
  return disableRollback ?? (mode === 'EXPRESS' && expressDisablesRollback);
}

/** @throws {AwsError} ValidationError (400) for an invalid name of a stack or change set */
export function checkName(name: string, member: string, limits: CloudFormationLimits): void {
  const broken = (rule: string) => validationError(brokenConstraint(member, `'${name}'`, rule));
  if (!NAME_PATTERN.test(name)) throw broken('satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*');
  if (name.length > limits.stackNameLength) throw broken(`have length less than or equal to ${limits.stackNameLength}`);
}

/** Reads a template whose references and resource types have to be known. @throws {AwsError} ValidationError (400) */
export function readTemplate(body: string, context: ActionContext): Template {
  const template = parseTemplate(body, context.limits);
  const types = [...template.resources.values()].map(({ type }) => type);
  const unknown = [...new Set(types)].filter((type) => !context.providers.has(type));
  if (unknown.length > 0) {
    const isName = unknown.every((type) => type.includes('::'));
    const problem = isName ? 'the emulator does not support the resource types' : 'Unrecognized resource types:';
    throw templateFormatError(`${problem} [${unknown.join(', ')}]`);
  }
  checkReferences(template);
  return template;
}

/**
 * Reads the target state of a stack from a request. Members that an update does not mention stay as they are, except parameters: these
 * return to the template's defaults unless the request says UsePreviousValue (API reference, UpdateStack).
 * @throws {AwsError} ValidationError or InsufficientCapabilitiesException (400)
 */
export function readDefinition(form: Form, context: ActionContext, stack: Stack): StackDefinition {
  const previous = stack.definition;
  const template = chooseTemplate(form, context, previous);
  const parameters = resolveParameters(template.parameters, readParameters(form), previous?.parameters, context.limits);
  const capabilities = readTexts(form, 'Capabilities') ?? [];
  checkCapabilities(template, capabilities);
  const settings = {
    template,
    parameters,
    capabilities,
    tags: readTags(form) ?? previous?.tags ?? [],
    notificationArns: readTexts(form, 'NotificationARNs') ?? previous?.notificationArns ?? [],
    roleArn: readText(form, 'RoleARN') ?? previous?.roleArn,
  };
  return defineStack(settings, stack, context.place);
}

function chooseTemplate(form: Form, context: ActionContext, previous: StackDefinition | undefined): Template {
  const body = readText(form, 'TemplateBody');
  const usePrevious = readFlag(form, 'UsePreviousTemplate') ?? false;
  if (body !== undefined && usePrevious) throw validationError('You cannot specify both usePreviousTemplate and Template Body.');
  if (usePrevious && previous) return previous.template;
  if (body === undefined) throw validationError('Either Template URL or Template Body must be specified.');
  return readTemplate(body, context);
}
