import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { describeStack, type Stack } from '../aws/stack.ts';
import { confirm } from '../cli/confirm.ts';
import { hint, OperationError } from '../cli/errors.ts';
import type { CommandContext, StackFlags } from '../cli/options.ts';
import { endpointOf } from '../endpoint/endpoint.ts';
import { plural } from '../ui/format.ts';
import { keyValueLines } from '../ui/table.ts';
import type { Output } from '../ui/terminal.ts';
import { fitText } from '../ui/wrap-text.ts';
import { listOwnStacks, listStackResources, requireOwnStack, SHELL_STATUS, type StackResource } from './own-stack.ts';
import { removeStack, waitForOthers } from './recover-stack.ts';
import { lastPart } from './settings/setting.ts';
import { SETTING_ROWS } from './settings/settings.ts';
import { createStackContext, type OperationInput, type StackContext } from './stack-context.ts';
import { failureHint, findFailures, findRootFailure, isSettled } from './stack-report.ts';
import { runOnStack, type StackRun } from './stack-run.ts';
import { type WatchResult, watchStack } from './watch-stack.ts';

interface DestroyFlags extends StackFlags {
  readonly yes?: boolean;
  readonly force?: boolean;
  readonly verbose?: boolean;
}

/**
 * Shows the deletion plan, asks, deletes the stack, and reports deleted and kept resources.
 * @throws {OperationError} FOREIGN_STACK; STACK_PROTECTED; as `destroyStack`; {AbortError} when the answer is no
 */
export async function runDestroy(flags: DestroyFlags, context: CommandContext): Promise<void> {
  await runOnStack('destroy', flags, context, { follow: ['agentstream', 'destroy'] }, (run) => destroy(flags, run, context));
}

async function destroy(flags: DestroyFlags, run: StackRun, { terminal, signal }: CommandContext): Promise<void> {
  const { stackName, region, client, report, print, log } = run;
  const stack = await describeStack(client, stackName, signal);
  if (!stack) {
    await tellNothing(run, terminal.stderr);
    return;
  }
  if (!flags.force) await requireOwnStack(client, stack, 'delete it anyway: --force');
  if (stack.isProtected) {
    throw new OperationError('STACK_PROTECTED', `the stack ${stackName} is protected from deletion`, {
      hint: hint`turn protection off first: ${['agentstream', 'deploy', '--no-termination-protection']}`,
    });
  }
  const resources = await listStackResources(client, stack.id);
  if (!run.isJson)
    terminal.stderr.write(fitText(deletionPlanLines(stack, run, resources, flags.verbose === true), terminal.stderr));
  if (!flags.yes) await confirm(terminal, 'Delete all of it?', signal);
  // Nobody can delete a subscription before it is confirmed, as users report (go-to-k/cdkd, issue 1301).
  if (stack.parameters['AlarmEmail']) report({ type: 'note', text: UNCONFIRMED });
  const { removed, kept } = await destroyStack(client, { stack, resources: resources.length, onEvent: report, signal });
  run.done();
  const notOurs = outsideParts(stack);
  log?.write(`done: ${removed.length} removed, ${kept.length} kept`);
  if (run.isJson) {
    print({ type: 'result', ok: true, found: true, region, stackName, removed, kept, notOurs });
    return;
  }
  const named = kept.map((id) => {
    const known = resources.find(({ logicalId }) => logicalId === id);
    return known ? `${id} (${known.resourceType} ${known.physicalId})` : id;
  });
  const rest = named.length === 0 ? 'nothing is left' : `kept: ${named.join(', ')}`;
  terminal.stderr.write(`destroyed ${stackName}: ${plural(removed.length, 'resource')} removed, ${rest}\n`);
  if (notOurs.length > 0) terminal.stderr.write(`not part of the stack, and untouched: ${notOurs.join(', ')}\n`);
}

const UNCONFIRMED = 'an e-mail subscription of the alarms that was never confirmed stays, and expires after 3 days';

/** Says that there is no such stack, and which others exist in the Region. */
async function tellNothing({ stackName, region, client, access, isJson, print }: StackRun, stderr: Output): Promise<void> {
  if (isJson) {
    print({ type: 'result', ok: true, found: false, stackName, region, removed: [], kept: [] });
    return;
  }
  const others = await listOwnStacks(client);
  const profile = access.profile === undefined ? '' : ` (profile ${access.profile})`;
  stderr.write(`nothing to destroy: there is no stack ${stackName} in ${region}${profile}\n`);
  if (others.length > 0) stderr.write(`agentstream stacks in ${region}: ${others.join(', ')}\n`);
}

/**
 * The deletion plan: first what callers and people lose, then the number of resources, with `isVerbose` each by type and id, and what
 * stays.
 */
function deletionPlanLines(stack: Stack, run: StackRun, resources: readonly StackResource[], isVerbose: boolean): string {
  const { access, region } = run;
  const { outputs, parameters } = stack;
  const { DomainName: domain, ApiKeyId: apiKey, OtherApiKeyId: otherKey } = outputs;
  const url = outputs.ApiId && endpointOf(stack, access).url;
  const dns = parameters.HostedZoneId ? 'with its DNS records' : 'its DNS record leads nowhere then';
  const lost = [
    ...(url ? [`the URL ${url} stops answering; another deploy gets ${domain ? 'the same one' : 'a new one'}`] : []),
    ...(domain ? [`the custom domain ${domain} goes, ${dns}`] : []),
    ...(apiKey ? [`${otherKey ? 'both API keys stop' : 'the API key stops'} working for every client, for good`] : []),
    ...(outputs.LogGroupName ? ['the logs go with their log groups'] : []),
  ];
  const rows = resources.map(({ resourceType, physicalId }) => [resourceType, physicalId] as const);
  const count = `${plural(resources.length, 'resource')}${isVerbose ? `:\n${keyValueLines(rows, '  ')}` : ' (--verbose lists them)\n'}`;
  const kept = outsideParts(stack);
  return `Deleting the stack ${stack.name} in ${region}:\n${lost.map((line) => `  ${line}\n`).join('')}  ${count}${
    kept.length === 0 ? '' : `  kept: ${kept.join(', ')}\n`
  }`;
}

/** Resources that the stack uses and has not created, a few words each, without ARNs. */
export function outsideParts({ parameters, roleArn }: Pick<Stack, 'parameters' | 'roleArn'>): string[] {
  const parts = SETTING_ROWS.flatMap(([name, { outside }]) => {
    const value = parameters[name] ?? '';
    return outside === undefined || value === '' ? [] : [`${outside.what} ${outside.nameOf(value)}`];
  });
  return roleArn ? [...parts, `the service role ${lastPart(roleArn)}`] : parts;
}

/** A deletion may interrupt these; AWS refuses to delete a stack while any other operation runs on it. */
const INTERRUPTIBLE = new Set(['CREATE_IN_PROGRESS', SHELL_STATUS]);

/**
 * Deletes the stack by its id and follows the deletion to the end. Joins a deletion in progress, and waits for any other operation.
 * @param input.resources number of its resources, for the progress display
 * @returns logical ids
 * @throws {OperationError} DESTROY_FAILED that names the resource and the reason
 * @throws AbortError when the signal is aborted; the deletion goes on in AWS
 */
export async function destroyStack(
  client: CloudFormationClient,
  input: OperationInput & { readonly stack: Stack; readonly resources: number },
) {
  const context = createStackContext(client, input);
  const { stack, events } = await remove(context, input.stack, input.resources);
  if (stack.status !== 'DELETE_COMPLETE') throw destroyFailure(stack, events);
  const withStatus = (status: string): string[] => [
    ...new Set(events.filter((event) => event.status === status && !event.isStack).map((event) => event.logicalId)),
  ];
  // DELETE_SKIPPED: left in the account on purpose.
  return { removed: withStatus('DELETE_COMPLETE'), kept: withStatus('DELETE_SKIPPED') };
}

async function remove(context: StackContext, stack: Stack, resources: number): Promise<WatchResult> {
  const { client, retrying, onEvent, signal } = context;
  for (let current = stack; ;) {
    if (current.status === 'DELETE_IN_PROGRESS') {
      onEvent({ type: 'step', text: `${stack.name} is being deleted already: following it` });
      onEvent({ type: 'begun', resources });
      return watchStack(context, stack.id, 'newest');
    }
    if (isSettled(current.status) || INTERRUPTIBLE.has(current.status)) {
      onEvent({ type: 'step', text: 'deleting the stack' });
      try {
        return await removeStack(context, stack, resources);
      } catch (error) {
        // Another operation has started since the stack was described.
        if (!/cannot be deleted while in status/.test((error as Error).message)) throw error;
      }
    } else {
      await waitForOthers(context, current);
    }
    current = (await retrying(() => describeStack(client, stack.id, signal))) ?? current;
  }
}

function destroyFailure(stack: Stack, events: WatchResult['events']): OperationError {
  const root = findRootFailure(events);
  const others = findFailures(events)
    .map(({ logicalId }) => logicalId)
    .filter((logicalId) => logicalId !== root?.logicalId);
  const reason = root?.reason ?? stack.statusReason ?? stack.status;
  const what = root && !root.isStack ? `${root.logicalId} (${root.resourceType})` : stack.name;
  const more = others.length === 0 ? '' : `; neither could ${[...new Set(others)].join(', ')}`;
  return new OperationError('DESTROY_FAILED', `${what} could not be deleted: ${reason}${more}`, {
    hint: hint`${failureHint(reason) ?? 'fix the cause'}, then run ${['agentstream', 'destroy']} again`,
  });
}
