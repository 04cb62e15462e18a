import { setTimeout as sleep } from 'node:timers/promises';
import type { CommandContext } from '../cli/context.ts';
import { describeStack, type Stack, stackNotFound } from '../aws/stack.ts';
import type { OutputValues, ParameterValues } from '../aws/stack-values.ts';
import { commandLine } from '../cli/command-line.ts';
import { AbortError, OperationError } from '../cli/errors.ts';
import { hint } from '../cli/hint.ts';
import type { StackFlags } from '../cli/options.ts';
import { type DeployInput, type DeployResult, deployStack } from './deploy-stack.ts';
import { runOnStack, type StackRun } from './stack-run.ts';
import { formatMs } from '../ui/format.ts';
import { createStyle } from '../ui/style.ts';
import { createWaitingLine } from '../ui/live-block.ts';
import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { requireOwnStack } from './own-stack.ts';

const FOLLOW = ['agentstream', 'deploy', '--attach'];
const RETIRE = ['agentstream', 'key', 'retire'];
const TICK_MS = 1_000;

/**
 * `key rotate`: makes a second API key; with a grace period waits, and ends the old one.
 * @param flags.grace ms
 * @throws as `rotateApiKey`; {AbortError} on Ctrl-C while it waits: both keys stay valid
 */
export async function runKeyRotate(
  flags: StackFlags & { readonly grace?: number },
  context: CommandContext,
): Promise<void> {
  await runOnStack('key-rotate', flags, context, { follow: FOLLOW }, (run) =>
    rotate(flags.grace, run, context),
  );
}

/** `key retire`: ends the older of two API keys. @throws as `retireApiKey` */
export async function runKeyRetire(flags: StackFlags, context: CommandContext): Promise<void> {
  await runOnStack('key-retire', flags, context, { follow: FOLLOW }, (run) => retire(run, context));
}

async function rotate(
  grace: number | undefined,
  run: StackRun,
  context: CommandContext,
): Promise<void> {
  const { stack } = await found(run, await rotateApiKey(run.client, keyRun(run, context)));
  run.done();
  tell(run, context, 'the stack has a new API key; the old one is valid, too');
  const show = commandLine(['agentstream', 'status', '--show-key'], run.target);
  say(run, context, `  ${show}   prints the new one\n`);
  if (stack.parameters['SessionScope'] === 'caller') {
    tell(run, context, 'sessions belong to the key that began them: they end with the old one');
  }
  if (grace === undefined) {
    const end = commandLine(RETIRE, run.target);
    say(run, context, `  ${end}          ends the old one\n`);
    finish(run, 'rotated', stack.outputs);
    return;
  }
  await waitOut(grace, run, context);
  await retire(run, context);
}

async function retire(run: StackRun, context: CommandContext): Promise<void> {
  const result = await found(run, await retireApiKey(run.client, keyRun(run, context)));
  run.done();
  const isDone = result.type !== 'no-changes';
  tell(run, context, isDone ? 'the old API key is gone' : 'there is one API key: no older one');
  finish(run, isDone ? 'retired' : 'no-changes', result.stack.outputs);
}

/** @throws AbortError on Ctrl-C; both keys stay valid */
async function waitOut(
  graceMs: number,
  run: StackRun,
  { terminal, signal }: CommandContext,
): Promise<void> {
  const until = performance.now() + graceMs;
  const line = createWaitingLine(terminal, createStyle(terminal.stderr, terminal.env));
  if (run.isJson) run.print({ type: 'grace', graceMs });
  else if (!terminal.stderr.canRedraw) {
    terminal.stderr.write(`the old key is valid for another ${formatMs(graceMs)}\n`);
  }
  try {
    for (let left = graceMs; left > 0; left = until - performance.now()) {
      line.show(`the old key is valid for another ${formatMs(left)}; Ctrl-C leaves both valid`);
      await sleep(Math.min(left, TICK_MS), undefined, { signal });
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new AbortError('both API keys are valid', {
      hint: hint`${RETIRE} ends the old one`,
    });
  } finally {
    line.hide();
  }
}

function keyRun({ stackName, report }: StackRun, { signal }: CommandContext): KeyRun {
  return { stackName, onEvent: report, signal };
}

async function found(run: StackRun, result: DeployResult | undefined): Promise<DeployResult> {
  if (result) return result;
  throw await stackNotFound(run.stackName, run.client);
}

/** For people, and into the log. */
function tell(run: StackRun, context: CommandContext, text: string): void {
  run.log?.write(text);
  say(run, context, `${text}\n`);
}

function say({ isJson }: StackRun, { terminal }: CommandContext, text: string): void {
  if (!isJson) terminal.stderr.write(text);
}

function finish(
  { isJson, print, stackName, region }: StackRun,
  outcome: 'rotated' | 'retired' | 'no-changes',
  { ApiKeyId: apiKeyId, OtherApiKeyId: otherApiKeyId }: OutputValues,
): void {
  if (!isJson) return;
  print({ type: 'result', ok: true, outcome, stackName, region, apiKeyId, otherApiKeyId });
}

/** How an operation on the keys runs. */
type KeyRun = Pick<DeployInput, 'stackName' | 'onEvent' | 'signal' | 'timing'>;

/**
 * Makes a second API key, which the stack names from now on; the first goes on to be valid until `retireApiKey`.
 * @throws {OperationError} KEY_NOT_RETIRED while an earlier rotation is open; as `openKeyStack`, as `deployStack`
 */
async function rotateApiKey(
  client: CloudFormationClient,
  run: KeyRun,
): Promise<DeployResult | undefined> {
  const stack = await openKeyStack(client, run.stackName);
  if (!stack) return undefined;
  if (hasOtherKey(stack)) {
    throw new OperationError(
      'KEY_NOT_RETIRED',
      `the stack ${stack.name} has two valid API keys already: an earlier rotation is not finished`,
      { hint: hint`end the older key first: ${['agentstream', 'key', 'retire']}` },
    );
  }
  const slot = stack.parameters['ApiKeySlot'] === 'a' ? 'b' : 'a';
  return change(client, run, { ApiKeySlot: slot, KeepsOtherApiKey: 'yes' });
}

/**
 * Ends the older of two API keys; with one key there is nothing to do.
 * @throws {OperationError} as `openKeyStack`, as `deployStack`
 */
async function retireApiKey(
  client: CloudFormationClient,
  run: KeyRun,
): Promise<DeployResult | undefined> {
  const stack = await openKeyStack(client, run.stackName);
  if (!stack) return undefined;
  if (!hasOtherKey(stack)) return { type: 'no-changes', stack, changes: [] };
  return change(client, run, { KeepsOtherApiKey: 'no' });
}

/**
 * A stack whose key can be exchanged; undefined when there is none of this name.
 * @throws {OperationError} FOREIGN_STACK; NO_API_KEY for another auth mode; STACK_TOO_OLD for a template that knows one key only
 */
async function openKeyStack(
  client: CloudFormationClient,
  stackName: string,
): Promise<Stack | undefined> {
  const stack = await describeStack(client, stackName);
  if (!stack) return undefined;
  await requireOwnStack(client, stack, 'name another with --stack-name');
  const mode = stack.parameters['AuthMode'] ?? 'none';
  if (mode !== 'api-key') {
    throw new OperationError(
      'NO_API_KEY',
      `the stack ${stack.name} has no API key: its callers are let in by --auth ${mode}`,
      { hint: hint`${['agentstream', 'deploy', '--auth', 'api-key']} makes one` },
    );
  }
  if (stack.parameters['ApiKeySlot'] !== undefined) return stack;
  throw new OperationError(
    'STACK_TOO_OLD',
    `the template of the stack ${stack.name} has room for one API key only`,
    { hint: hint`bring it up to date first: ${['agentstream', 'deploy']}` },
  );
}

function hasOtherKey({ parameters }: Stack): boolean {
  return parameters['KeepsOtherApiKey'] === 'yes';
}

/** The stack keeps its own template: a key is no reason to exchange its function, which may be one of the user's own. */
function change(
  client: CloudFormationClient,
  run: KeyRun,
  parameters: ParameterValues,
): Promise<DeployResult> {
  return deployStack(client, { ...run, parameters });
}
