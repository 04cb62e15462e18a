import { setTimeout as sleep } from 'node:timers/promises';
import { describeStack, type Stack, stackNotFound } from '../aws/stack.ts';
import type { OutputValues, ParameterValues } from '../aws/stack-values.ts';
import { commandLine } from '../cli/command-line.ts';
import { AbortError, hint, OperationError } from '../cli/errors.ts';
import type { CommandContext, StackFlags } from '../cli/options.ts';
import { deployStack } from './deploy-stack.ts';
import { runOnStack, type StackRun } from './stack-run.ts';
import { formatMs } from '../ui/format.ts';
import { createStyle } from '../ui/terminal.ts';
import { createWaitingLine } from '../ui/live-block.ts';
import { requireOwnStack } from './own-stack.ts';

const FOLLOW = ['agentstream', 'deploy', '--attach'];
const RETIRE = ['agentstream', 'key', 'retire'];
const TICK_MS = 1_000;

/**
 * `key rotate`: creates a second API key; with a grace period, waits and then deletes the old one.
 * @param flags.grace ms
 * @throws {OperationError} KEY_NOT_RETIRED while an earlier rotation is open; as `openKeyStack`, as `deployStack`; {AbortError} on Ctrl-C while it waits: both keys stay valid
 */
export async function runKeyRotate(flags: StackFlags & { readonly grace?: number }, context: CommandContext): Promise<void> {
  await runOnStack('key-rotate', flags, context, { follow: FOLLOW }, (run) => rotate(flags.grace, run, context));
}

/** `key retire`: deletes the older of two API keys; does nothing when there is one. @throws as `openKeyStack`, as `deployStack` */
export async function runKeyRetire(flags: StackFlags, context: CommandContext): Promise<void> {
  await runOnStack('key-retire', flags, context, { follow: FOLLOW }, (run) => retire(run, context));
}

async function rotate(grace: number | undefined, run: StackRun, context: CommandContext): Promise<void> {
  const found = await openKeyStack(run);
  if (hasOtherKey(found)) {
    const text = `the stack ${found.name} already has two valid API keys: an earlier rotation is unfinished`;
    throw new OperationError('KEY_NOT_RETIRED', text, { hint: hint`delete the older key first: ${RETIRE}` });
  }
  const slot = found.parameters['ApiKeySlot'] === 'a' ? 'b' : 'a';
  const stack = await setKeys({ ApiKeySlot: slot, KeepsOtherApiKey: 'yes' }, run, context);
  tell(run, context, 'the stack has a new API key; the old one stays valid');
  const show = commandLine(['agentstream', 'status', '--show-key'], run.target);
  say(run, context, `  ${show}   prints the new one\n`);
  if (stack.parameters['SessionScope'] === 'caller')
    tell(run, context, 'sessions belong to the key that started them: those of the old key end with it');
  if (grace === undefined) {
    const end = commandLine(RETIRE, run.target);
    say(run, context, `  ${end}          deletes the old one\n`);
    finish(run, 'rotated', stack.outputs);
    return;
  }
  await waitOut(grace, run, context);
  await retire(run, context);
}

async function retire(run: StackRun, context: CommandContext): Promise<void> {
  const found = await openKeyStack(run);
  if (!hasOtherKey(found)) {
    run.done();
    tell(run, context, 'nothing to retire: the stack has one API key');
    finish(run, 'no-changes', found.outputs);
    return;
  }
  const { outputs } = await setKeys({ KeepsOtherApiKey: 'no' }, run, context);
  tell(run, context, 'the old API key is deleted');
  finish(run, 'retired', outputs);
}

/** The stack keeps its template, and so its function, which may be the user's own. @throws as `deployStack` */
async function setKeys(parameters: ParameterValues, run: StackRun, { signal }: CommandContext): Promise<Stack> {
  const { client, stackName, report: onEvent, done } = run;
  const { stack } = await deployStack(client, { stackName, onEvent, signal, parameters });
  done();
  return stack;
}

/** @throws AbortError on Ctrl-C; both keys stay valid */
async function waitOut(graceMs: number, run: StackRun, { terminal, signal }: CommandContext): Promise<void> {
  const until = performance.now() + graceMs;
  const line = createWaitingLine(terminal, createStyle(terminal.stderr, terminal.env));
  if (run.isJson) run.print({ type: 'grace', graceMs });
  else if (!terminal.stderr.canRedraw) terminal.stderr.write(`the old key is valid for another ${formatMs(graceMs)}\n`);
  try {
    for (let left = graceMs; left > 0; left = until - performance.now()) {
      line.show(`the old key is valid for another ${formatMs(left)}; Ctrl-C leaves both valid`);
      await sleep(Math.min(left, TICK_MS), undefined, { signal });
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new AbortError('both API keys stay valid', { hint: hint`${RETIRE} deletes the old one` });
  } finally {
    line.hide();
  }
}

/** Writes to the terminal and to the log. */
function tell(run: StackRun, context: CommandContext, text: string): void {
  run.log?.write(text);
  say(run, context, `${text}\n`);
}

function say({ isJson }: StackRun, { terminal }: CommandContext, text: string): void {
  if (!isJson) terminal.stderr.write(text);
}

function finish(run: StackRun, outcome: 'rotated' | 'retired' | 'no-changes', outputs: OutputValues): void {
  const { isJson, print, stackName, region } = run;
  const { ApiKeyId: apiKeyId, OtherApiKeyId: otherApiKeyId } = outputs;
  if (isJson) print({ type: 'result', ok: true, outcome, stackName, region, apiKeyId, otherApiKeyId });
}

/**
 * Describes a stack whose key can be rotated.
 * @throws {OperationError} STACK_NOT_FOUND; FOREIGN_STACK; NO_API_KEY for another auth mode; STACK_TOO_OLD for a template with one key
 */
async function openKeyStack({ client, stackName }: StackRun): Promise<Stack> {
  const stack = await describeStack(client, stackName);
  if (!stack) throw await stackNotFound(stackName, client);
  await requireOwnStack(client, stack, 'name another with --stack-name');
  const mode = stack.parameters['AuthMode'] ?? 'none';
  if (mode !== 'api-key') {
    throw new OperationError('NO_API_KEY', `the stack ${stack.name} has no API key: it authorizes callers by --auth ${mode}`, {
      hint: hint`${['agentstream', 'deploy', '--auth', 'api-key']} creates one`,
    });
  }
  if (stack.parameters['ApiKeySlot'] !== undefined) return stack;
  throw new OperationError('STACK_TOO_OLD', `the template of the stack ${stack.name} supports only one API key`, {
    hint: hint`update the stack first: ${['agentstream', 'deploy']}`,
  });
}

function hasOtherKey({ parameters }: Stack): boolean {
  return parameters['KeepsOtherApiKey'] === 'yes';
}
