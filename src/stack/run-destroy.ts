import type { CommandContext } from '../cli/context.ts';
import type { StackFlags } from '../cli/options.ts';
import { describeStack } from '../aws/stack.ts';
import { destroyStack } from './destroy-stack.ts';
import { lastPart } from './settings/setting.ts';
import { SETTING_ROWS } from './settings/settings.ts';
import type { ParameterValues } from '../aws/stack-values.ts';
import {
  listOwnStacks,
  listStackResources,
  requireOwnStack,
  requireUnprotected,
  type StackResource,
} from './own-stack.ts';
import { runOnStack, type StackRun } from './stack-run.ts';
import { confirm } from '../cli/confirm.ts';
import { plural } from '../ui/format.ts';
import { keyValueLines } from '../ui/table.ts';

/** Flags of `destroy`. */
export interface DestroyFlags extends StackFlags {
  readonly yes?: boolean;
  readonly force?: boolean;
}

/**
 * Shows what will go, asks, deletes it, and tells what is gone and what was kept.
 * @throws {OperationError} FOREIGN_STACK, as `destroyStack`; {AbortError} when the answer is no
 */
export async function runDestroy(flags: DestroyFlags, context: CommandContext): Promise<void> {
  await runOnStack('destroy', flags, context, { follow: ['agentstream', 'destroy'] }, (run) =>
    destroy(flags, run, context),
  );
}

async function destroy(
  flags: DestroyFlags,
  run: StackRun,
  { terminal, signal }: CommandContext,
): Promise<void> {
  const { stackName, region, client, report, print, log } = run;
  const stack = await describeStack(client, stackName, signal);
  if (!stack) {
    await tellNothing(run, terminal.stderr);
    return;
  }
  if (!flags.force) await requireOwnStack(client, stack, 'delete it all the same: --force');
  requireUnprotected(stack);
  const resources = await listStackResources(client, stack.id);
  if (!run.isJson) terminal.stderr.write(deletionPlanLines(stackName, region, resources));
  if (!flags.yes) await confirm(terminal, 'Delete all of it?', signal);
  const { removed, kept } = await destroyStack(client, {
    stack,
    resources: resources.length,
    onEvent: report,
    signal,
  });
  run.done();
  const summary = { stackName, removed, kept, notOurs: outsideParts(stack) };
  log?.write(`done: ${removed.length} removed, ${kept.length} kept`);
  if (run.isJson) print({ type: 'result', ok: true, found: true, region, ...summary });
  else terminal.stderr.write(destroyOutcome(summary, resources));
}

async function tellNothing(
  { stackName, region, client, access, isJson, print }: StackRun,
  stderr: { write(text: string): void },
): Promise<void> {
  if (isJson) {
    print({ type: 'result', ok: true, found: false, stackName, region, removed: [], kept: [] });
    return;
  }
  const others = await listOwnStacks(client);
  stderr.write(nothingToDestroy(stackName, { region, profile: access.profile }, others));
}

/** What is about to go. */
function deletionPlanLines(
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
interface DestroySummary {
  readonly stackName: string;
  /** Logical ids. */
  readonly removed: readonly string[];
  readonly kept: readonly string[];
  /** What the stack worked with and did not make. */
  readonly notOurs: readonly string[];
}

/** @param resources as they were, for the names of what is kept */
function destroyOutcome(
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
function nothingToDestroy(
  stackName: string,
  where: { readonly region: string; readonly profile: string | undefined },
  others: readonly string[],
): string {
  const profile = where.profile === undefined ? '' : ` (profile ${where.profile})`;
  const elsewhere =
    others.length === 0 ? '' : `stacks of agentstream in ${where.region}: ${others.join(', ')}\n`;
  return `nothing to destroy: there is no stack ${stackName} in ${where.region}${profile}\n${elsewhere}`;
}

/** What the stack works with and has not created, a few words each, without ARNs. */
export function outsideParts({
  parameters,
  roleArn,
}: {
  readonly parameters: ParameterValues;
  readonly roleArn: string | undefined;
}): string[] {
  const parts = SETTING_ROWS.flatMap(([name, { outside }]) => {
    const value = parameters[name] ?? '';
    return outside === undefined || value === ''
      ? []
      : [`${outside.what} ${outside.nameOf(value)}`];
  });
  return roleArn ? [...parts, `the service role ${lastPart(roleArn)}`] : parts;
}
