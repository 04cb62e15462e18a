import type { Grant } from './grant.ts';

/** A statement of an IAM policy. */
export interface PolicyStatement {
  /** Of the first of several that belong together: names take room, of which a policy has little. */
  readonly Sid?: string;
  readonly Effect: 'Allow';
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Grant['condition'];
}

/**
 * As few statements as say exactly what the grants say: resources with the same actions stand together, so that no statement gives an
 * action on a resource that was not asked for. What is granted twice counts once, and a statement is named after what came first in it.
 */
export function policyStatements(all: readonly Grant[]): readonly PolicyStatement[] {
  const groups = new Map<string, Group>();
  for (const grant of all.filter(isFirst)) {
    const place = JSON.stringify([grant.resource, grant.condition]);
    const group = groups.get(place) ?? { ...grant, resources: [grant.resource], actions: [] };
    groups.set(place, { ...group, actions: [...group.actions, grant.action] });
  }
  const merged = new Map<string, Group>();
  for (const group of groups.values()) {
    const key = JSON.stringify([group.actions.toSorted(), group.condition]);
    const same = merged.get(key);
    const resources = [...(same?.resources ?? []), ...group.resources];
    merged.set(key, { ...(same ?? group), resources });
  }
  const sids = [...new Set([...merged.values()].map(({ sid }) => sid))];
  return sids.flatMap((name) =>
    [...merged.values()]
      .filter(({ sid }) => sid === name)
      .map(({ actions, resources, condition }, index) => ({
        ...(index === 0 && { Sid: name }),
        Effect: 'Allow',
        Action: oneOrMany(actions.toSorted()),
        Resource: oneOrMany(resources),
        ...(condition && { Condition: condition }),
      })),
  );
}

interface Group extends Omit<Grant, 'action' | 'resource'> {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

function isFirst(grant: Grant, index: number, all: readonly Grant[]): boolean {
  const isSame = ({ action, resource, condition }: Grant) =>
    action === grant.action &&
    resource === grant.resource &&
    JSON.stringify(condition) === JSON.stringify(grant.condition);
  return all.findIndex(isSame) === index;
}

function oneOrMany(values: readonly string[]): string | readonly string[] {
  return values.length === 1 ? (values[0] as string) : values;
}
