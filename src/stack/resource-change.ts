import type { Change, ResourceChangeDetail } from '@aws-sdk/client-cloudformation';
import { isJsonObject, parseJson } from '../agent-events/json-value.ts';
import { redactArns } from '../aws/arns.ts';
import { formatCount } from '../ui/format.ts';

/** One property that a change set would change. */
interface PropertyChange {
  /** Below the resource's properties: `Environment.Variables.HEARTBEAT_MS`. */
  readonly path: string;
  /** Display form; undefined when the property is absent or AWS does not show it. */
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** One resource that a change set would touch. */
export type ResourceChange = ReturnType<typeof toResourceChange>;

export function toResourceChange({ ResourceChange: change }: Change) {
  const properties = (change?.Details ?? []).flatMap(toPropertyChanges);
  return {
    action: (change?.Action ?? 'Modify') as 'Add' | 'Modify' | 'Remove',
    logicalId: change?.LogicalResourceId ?? '',
    resourceType: change?.ResourceType ?? '',
    /** `True`, `False` or `Conditional`; undefined for Add and Remove. */
    replacement: change?.Replacement as string | undefined,
    // AWS lists a property twice when a parameter causes its change (user guide, "Example change sets").
    properties: [...new Map(properties.map((property) => [property.path, property])).values()],
  };
}

/** Whether the changes replace or delete the API, and so change its URL. */
export function replacesApi(changes: readonly ResourceChange[]): boolean {
  return changes.some(
    ({ resourceType, action, replacement }) =>
      resourceType === 'AWS::ApiGateway::RestApi' && (action === 'Remove' || (replacement ?? 'False') !== 'False'),
  );
}

/** AWS names a whole property or a path within it; objects are reduced to the members that differ. */
function toPropertyChanges({ Target: target }: ResourceChangeDetail): PropertyChange[] {
  const { Attribute: attribute = '', Name: name, Path: path } = target ?? {};
  const inTemplate = path?.replace(/^\/(Properties\/)?/, '').replaceAll('/', '.');
  const root = inTemplate ?? (attribute === 'Properties' ? (name ?? '') : attribute);
  return differences(root, parse(target?.BeforeValue), parse(target?.AfterValue));
}

function differences(path: string, before: unknown, after: unknown): PropertyChange[] {
  if (!isJsonObject(before) || !isJsonObject(after))
    return [{ path, before: shownValue(path, before), after: shownValue(path, after) }];
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names
    .filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
    .flatMap((name) => differences(`${path}.${name}`, before[name], after[name]));
}

/** AWS sends objects and lists as JSON, scalars as plain text. */
function parse(text: string | undefined): unknown {
  return text !== undefined && /^[[{]/.test(text) ? (parseJson(text) ?? text) : text;
}

/** Names of properties whose values are never shown. */
const SECRET_NAME = /(secret|password|passwd|credential|access_?key|api_?key|token)[^.]*$/i;

const MASK = '****';
const MAX_LENGTH = 60;
/** AWS's placeholder for the id of a resource that does not exist yet. */
const UNKNOWN = '{{changeSet:KNOWN_AFTER_APPLY}}';

/**
 * A property's value for people: short, on one line, without ARNs and secrets. Long texts, such as code, become their size.
 * @param path its last name decides whether the value is a secret
 */
export function shownValue(path: string, value: unknown): string | undefined {
  if (value === undefined) return undefined;
  const text = redactArns(typeof value === 'string' ? value : JSON.stringify(value));
  // Booleans and numbers, as in `ApiKeyRequired: true`, hide nothing.
  if (SECRET_NAME.test(path) && !/^(true|false|\d{1,9})$/.test(text)) return MASK;
  if (text.includes(UNKNOWN)) return '(known after apply)';
  const isShort = text.length <= MAX_LENGTH && !text.includes('\n');
  return isShort ? text : `(${formatCount(Buffer.byteLength(text))} bytes)`;
}
