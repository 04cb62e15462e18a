import type { CommandContext } from '../cli/context.ts';
import type { StackFlags } from '../cli/options.ts';
import { describeStack } from '../aws/describe-stack.ts';
import { destroyStack } from './destroy-stack.ts';
import { outsideParts } from './settings/settings.ts';
import { listOwnStacks, requireOwnStack } from './own-stack.ts';
import { requireUnprotected } from './require-unprotected.ts';
import { listStackResources } from './stack-resources.ts';
import { runOnStack, type StackRun } from './stack-run.ts';
import { confirm } from '../cli/confirm.ts';
import { destroyOutcome, doomedLines, nothingToDestroy } from './report/destroy-summary.ts';

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
  if (!run.isJson) terminal.stderr.write(doomedLines(stackName, region, resources));
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
