import type { Form, FormValue, XmlValue } from '../../protocols/query.ts';
import type { CloudFormationLimits } from '../limits.ts';
import { oneOf } from '../../kernel/properties.ts';
import type { EngineContext } from '../engine/resource-step.ts';
import type { StackEngine } from '../engine/stack-engine.ts';
import type { GivenParameter } from '../template/parameters.ts';
import type { DeploymentMode } from '../engine/stack.ts';
import type { Tag } from '../engine/stack-definition.ts';
import { brokenConstraint, validationError } from '../../kernel/aws-error.ts';

export interface ActionContext extends Pick<EngineContext, 'place' | 'providers' | 'options' | 'store'> {
  readonly limits: CloudFormationLimits;
  readonly engine: StackEngine;
}

/** An API operation of CloudFormation. */
export interface Action {
  /** The request members that it knows, separated by spaces; a request with any other member is refused. */
  readonly members: string;
  /** @returns the members of the `{Action}Result`; undefined for operations without one. @throws {AwsError} */
  run(form: Form, context: ActionContext): XmlValue | undefined;
}

/** Operations by name. */
export type Actions = Readonly<Record<string, Action>>;

/** @throws {AwsError} ValidationError (400) when the member is not text */
export function readText(form: Form, name: string): string | undefined {
  const value = form[name];
  if (value === undefined || typeof value === 'string') return value;
  throw validationError(`${name} must be a string`);
}

/** @throws {AwsError} ValidationError (400) in AWS's words when it is absent or empty */
export function requireText(form: Form, name: string): string {
  const value = readText(form, name);
  if (value) return value;
  throw validationError(brokenConstraint(`${name.charAt(0).toLowerCase()}${name.slice(1)}`, 'null', 'not be null'));
}

/** @throws {AwsError} ValidationError (400) when the member is neither "true" nor "false" */
export function readFlag(form: Form, name: string): boolean | undefined {
  const value = readText(form, name);
  if (value === undefined) return undefined;
  if (value === 'true' || value === 'false') return value === 'true';
  throw validationError(`${name} must be true or false`);
}

/** One of a set of words. @throws {AwsError} ValidationError (400) that names the set and the word outside it */
export function readChoice<T extends string>(form: Form, name: string, choices: readonly T[]): T | undefined {
  const value = readText(form, name);
  if (value === undefined) return undefined;
  const rule = `satisfy enum value set: [${choices.join(', ')}]`;
  return oneOf(value, choices, () => validationError(brokenConstraint(name, `'${value}'`, rule)));
}

/** A list of texts; undefined when the request does not mention it, which in an update often means "unchanged". */
export function readTexts(form: Form, name: string): readonly string[] | undefined {
  return readItems(form, name)?.map((item) => {
    if (typeof item === 'string') return item;
    throw validationError(`${name} must be a list of strings`);
  });
}

export function readTags(form: Form): readonly Tag[] | undefined {
  return readItems(form, 'Tags')?.map((item) => {
    const tag = structure(item, 'Tags');
    return { key: requireText(tag, 'Key'), value: readText(tag, 'Value') ?? '' };
  });
}

export function readParameters(form: Form): readonly GivenParameter[] {
  return (readItems(form, 'Parameters') ?? []).map((item) => {
    const parameter = structure(item, 'Parameters');
    return {
      key: requireText(parameter, 'ParameterKey'),
      value: readText(parameter, 'ParameterValue'),
      usePreviousValue: readFlag(parameter, 'UsePreviousValue') ?? false,
    };
  });
}

function readItems(form: Form, name: string): readonly FormValue[] | undefined {
  const value = form[name];
  if (value === undefined) return undefined;
  // The query protocol writes an empty list as empty text.
  if (value === '') return [];
  if (Array.isArray(value)) return value;
  throw validationError(`${name} must be a list`);
}

/** A structure; undefined when the request does not hold it. @throws {AwsError} ValidationError (400) for any other kind of member */
export function readStructure(form: Form, name: string): Form | undefined {
  const value = form[name];
  return value === undefined ? undefined : structure(value, name);
}

function structure(value: FormValue, name: string): Form {
  if (typeof value === 'object' && !Array.isArray(value)) return value;
  throw validationError(`${name} must be made of structures`);
}

/** The `DeploymentConfig` of a request. @throws {AwsError} ValidationError (400) */
export function readDeployment(form: Form): DeploymentMode {
  const config = readStructure(form, 'DeploymentConfig') ?? {};
  return {
    mode: readChoice(config, 'Mode', ['STANDARD', 'EXPRESS'] as const) ?? 'STANDARD',
    disableRollback: readFlag(config, 'DisableRollback'),
  };
}
