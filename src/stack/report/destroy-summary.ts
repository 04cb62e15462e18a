import type { StackResource } from '../stack-resources.ts';
import { plural } from '../../ui/format.ts';
import { keyValueLines } from '../../ui/table.ts';

/** What is about to go. */
export function doomedLines(
  stackName: string,
  region: string,
  resources: readonly StackResource[],
): string {
  const head = `The stack ${stackName} in ${region} has ${plural(resources.length, 'resource')}:\n`;
  return (
    head +
    keyValueLines(
      resources.map(({ resourceType, physicalId }) => [resourceType, physicalId]),
      '  ',
    )
  );
}

/** What has come of a destroy. */
export interface DestroySummary {
  readonly stackName: string;
  /** Logical ids. */
  readonly removed: readonly string[];
  readonly kept: readonly string[];
  /** What the stack worked with and did not make. */
  readonly notOurs: readonly string[];
}

/** @param resources as they were, for the names of what is kept */
export function destroyOutcome(
  { stackName, removed, kept, notOurs }: DestroySummary,
  resources: readonly StackResource[],
): string {
  const named = kept.map((id) => {
    const known = resources.find(({ logicalId }) => logicalId === id);
    return known ? `${id} (${known.resourceType} ${known.physicalId})` : id;
  });
  const rest = named.length === 0 ? 'nothing is left' : `kept: ${named.join(', ')}`;
  const others = notOurs.length === 0 ? '' : `not ours, and untouched: ${notOurs.join(', ')}\n`;
  return `destroyed ${stackName}: ${plural(removed.length, 'resource')} removed, ${rest}\n${others}`;
}

/** That there is nothing, and where it was looked for. */
export function nothingToDestroy(
  stackName: string,
  where: { readonly region: string; readonly profile: string | undefined },
  others: readonly string[],
): string {
  const profile = where.profile === undefined ? '' : ` (profile ${where.profile})`;
  const elsewhere =
    others.length === 0 ? '' : `stacks of agentstream in ${where.region}: ${others.join(', ')}\n`;
  return `nothing to destroy: there is no stack ${stackName} in ${where.region}${profile}\n${elsewhere}`;
}
