import { readFileSync } from 'node:fs';
import { isChanged, type ResourceAction, type ResourceActions, type ResourceStep } from './resource-provider.ts';

/** The permissions of a type's handlers, separated by spaces; those without a service are of the type's own service. */
interface SchemaPermissions extends Readonly<Record<Handler, string>> {
  /** Whether CloudFormation puts tags of its own on resources of the type. */
  readonly systemTags?: true;
}

const FILE = readFileSync(new URL('./schema-permissions.json', import.meta.url), 'utf8');
/** By type, from the registry schemas: scripts/schema-permissions.js writes the file, which names its source. */
export const SCHEMA_PERMISSIONS = (JSON.parse(FILE) as { readonly types: Readonly<Record<string, SchemaPermissions>> }).types;

type Handler = 'create' | 'update' | 'delete';
/** ARNs that an action is asked for on, or the whole actions. */
type Places = (step: ResourceStep, handler: Handler) => readonly (string | ResourceAction)[];

/** Facts that the permissions of a type's schema lack: the resource of each, and when it is needed. */
export interface HandlerRules {
  /** ARN that actions are asked for on. */
  readonly on: (step: ResourceStep) => string;
  /** Actions that are asked for on other resources, or with conditions. */
  readonly at?: Readonly<Record<string, Places>>;
  /**
   * Properties by action, separated by spaces: an update calls the action when one of them changes, another handler when one of them is
   * set. After `+` an update calls it for a property that it sets, after `-` for one that it takes away.
   */
  readonly when?: Readonly<Record<string, string>>;
  /** Actions for properties that the provider refuses, separated by spaces; `kms:*` for all of a service. */
  readonly unset?: string;
  /** Actions that read settings which the template leaves out: asked for unless the emulator is told otherwise. */
  readonly reads?: string;
  /** Actions that handlers call beside the permissions of the schema; the provider names the source. */
  readonly also?: Partial<Readonly<Record<Handler, string>>>;
}

/**
 * The IAM actions of a resource type: the permissions of its handlers in the registry schema, put on resources. Tags are written where
 * the stack or the resource has some, and where CloudFormation adds its own (`tagging.cloudFormationSystemTags` of the schema).
 * @throws {Error} for a type that is missing from schema-permissions.json
 */
export function handlerActions(type: string, rules: HandlerRules): ResourceActions {
  const schema = SCHEMA_PERMISSIONS[type];
  if (!schema) throw new Error(`no schema of ${type}: run scripts/schema-permissions.js`);
  const [reads, unset] = [words(rules.reads), words(rules.unset)];
  const service = type.split('::')[1]?.toLowerCase();
  const namesOf = (handler: Handler) =>
    words(`${schema[handler]} ${rules.also?.[handler] ?? ''}`)
      .map((name) => (name.includes(':') ? name : `${service}:${name}`))
      .filter((name) => !unset.some((each) => each === name || (each.endsWith('*') && name.startsWith(each.slice(0, -1)))));
  const actionsOf = (handler: Handler) => {
    const names = namesOf(handler);
    return (step: ResourceStep) =>
      names.filter((name) => isNeeded(name, handler, step)).flatMap((name) => place(name, step, handler));
  };
  const isNeeded = (name: string, handler: Handler, step: ResourceStep): boolean => {
    if (reads.includes(name)) return step.readsUnset;
    const tag = TAG_ACTION.exec(name)?.[1];
    if (tag && handler === 'update') return isChanged(step, 'Tags');
    if (tag === 'Untag' || (tag === 'Tag' && handler === 'delete')) return false;
    if (tag === 'Tag') return schema.systemTags === true || step.hasStackTags || step.properties['Tags'] !== undefined;
    const when = rules.when?.[name];
    if (when === undefined) return true;
    const properties = when.replace(/^[+-]/, '');
    const isSet = words(properties).some((property) => step.properties[property] !== undefined);
    if (handler !== 'update') return isSet;
    return isChanged(step, properties) && !(when.startsWith('+') && !isSet) && !(when.startsWith('-') && isSet);
  };
  const place = (action: string, step: ResourceStep, handler: Handler): readonly ResourceAction[] =>
    (rules.at?.[action]?.(step, handler) ?? [rules.on(step)]).map((where) =>
      typeof where === 'string' ? { action, resource: where } : where,
    );
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

function words(text = ''): string[] {
  return text.split(' ').filter((word) => word !== '');
}
