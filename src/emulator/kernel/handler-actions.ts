import { isChanged, type ResourceAction, type ResourceActions, type ResourceStep } from './resource-provider.ts';
import { SCHEMA_PERMISSIONS } from './schema-permissions.ts';

type Handler = 'create' | 'update' | 'delete';
type ActionsOf = (step: ResourceStep, action: string, handler: Handler) => readonly ResourceAction[];

/** What the permissions of a type's schema do not say: the resource of each, and when it is needed. */
export interface HandlerRules {
  /** ARN that actions are asked for on. */
  readonly on: (step: ResourceStep) => string;
  /** Actions that are asked for in another way; none for a step without the property that they are for. */
  readonly at?: Readonly<Record<string, ActionsOf>>;
  /** Properties by action: an update calls the action when one of them changes, another handler when one of them is set. */
  readonly when?: Readonly<Record<string, string>>;
  /** Actions for properties that the provider refuses, separated by spaces; `kms:*` for all of a service. */
  readonly unset?: string;
  /** Actions that read settings which the template leaves out: asked for unless the emulator is told otherwise. */
  readonly reads?: string;
  /** What handlers call beside the permissions of the schema; the provider names the source. */
  readonly also?: Partial<Readonly<Record<Handler, string>>>;
}

/**
 * The IAM actions of a resource type: the permissions of its handlers in the registry schema, put on resources. Tags are written where
 * the stack or the resource has some, and where CloudFormation adds its own (`tagging.cloudFormationSystemTags` of the schema).
 * @throws {Error} for a type whose schema is missing from schema-permissions.ts
 */
export function handlerActions(type: string, rules: HandlerRules): ResourceActions {
  const schema = SCHEMA_PERMISSIONS[type];
  if (!schema) throw new Error(`no schema of ${type}: run scripts/schema-permissions.js`);
  const namesOf = (handler: Handler) =>
    words(`${schema[handler]} ${rules.also?.[handler] ?? ''}`).filter((name) => !isUnset(rules, name));
  const actionsOf = (handler: Handler) => {
    const names = namesOf(handler);
    return (step: ResourceStep) =>
      names.filter((name) => isNeeded(name, handler, step)).flatMap((name) => place(name, step, handler));
  };
  const isNeeded = (name: string, handler: Handler, step: ResourceStep): boolean => {
    if (words(rules.reads).includes(name)) return step.readsUnset;
    const tag = TAG_ACTION.exec(name)?.[1];
    if (tag && handler === 'update') return isChanged(step, 'Tags');
    if (tag === 'Untag' || (tag === 'Tag' && handler === 'delete')) return false;
    if (tag === 'Tag') return schema.systemTags || step.hasStackTags || step.properties['Tags'] !== undefined;
    const properties = rules.when?.[name];
    if (properties === undefined) return true;
    return handler === 'update'
      ? isChanged(step, ...words(properties))
      : words(properties).some((property) => step.properties[property] !== undefined);
  };
  const place = (name: string, step: ResourceStep, handler: Handler): readonly ResourceAction[] =>
    rules.at?.[name]?.(step, name, handler) ?? [{ action: name, resource: rules.on(step) }];
  const tags = namesOf('update').filter((name) => TAG_ACTION.test(name));
  return {
    create: actionsOf('create'),
    update: actionsOf('update'),
    delete: actionsOf('delete'),
    ...(tags.length > 0 && { tag: (step: ResourceStep) => tags.flatMap((name) => place(name, step, 'update')) }),
  };
}

/** `lambda:TagResource`, `iam:UntagRole`, `sns:ListTagsForResource`: which of the three it is. */
const TAG_ACTION = /:(Tag|Untag|List)(?:Resource|Role|RoleTags|Tags|TagsForResource)$/;

function isUnset({ unset }: HandlerRules, name: string): boolean {
  return words(unset).some((each) => each === name || (each.endsWith('*') && name.startsWith(each.slice(0, -1))));
}

function words(text = ''): string[] {
  return text.split(' ').filter((word) => word !== '');
}
