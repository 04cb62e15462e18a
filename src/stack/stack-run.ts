import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { askEmulator, type AwsAccess, resolveAwsAccess } from '../aws/aws-access.ts';
import { toOperationError, transientError } from '../aws/aws-errors.ts';
import { hintText, type Target } from '../cli/command-line.ts';
import { AbortError, AgentstreamError, type CommandWords, hint, isAbort, OperationError } from '../cli/errors.ts';
import { type CommandContext, readStackName, type StackFlags } from '../cli/options.ts';
import { createStackClient } from '../aws/stack.ts';
import { failureHint, type StackReport } from './stack-report.ts';
import { createJsonLines, type JsonLine } from '../ui/terminal.ts';
import { openStackLog, type StackLog } from './report/stack-log.ts';
import { createStackReporter } from './report/stack-reporter.ts';
import { redactArns } from '../aws/arns.ts';

/** One deploy or destroy, from its flags to its end. */
export interface StackRun {
  readonly stackName: string;
  readonly access: AwsAccess;
  readonly region: string;
  readonly client: CloudFormationClient;
  readonly isJson: boolean;
  readonly print: JsonLine;
  readonly log: StackLog | undefined;
  readonly report: (report: StackReport) => void;
  /** Ends the progress display, before anything else is printed. */
  readonly done: () => void;
  /** Flags that lead to the same stack, for printed commands. */
  readonly target: Target;
}

/**
 * Runs a command on a stack with a client, a reporter and a log, and explains its errors.
 * @param options.agentRegion Region of the stack when none is configured
 * @param options.follow the command that follows an operation that continues in AWS
 */
export async function runOnStack(
  name: 'deploy' | 'destroy' | 'key-rotate' | 'key-retire',
  flags: StackFlags,
  { terminal, signal, target: given }: CommandContext,
  options: { readonly agentRegion?: string | undefined; readonly follow: CommandWords },
  work: (run: StackRun) => Promise<void>,
): Promise<void> {
  const stackName = readStackName(flags, terminal.env);
  const access = await withRegion(await askEmulator(resolveAwsAccess(flags, terminal.env)), options.agentRegion);
  const isJson = flags.json === true;
  const log = openStackLog(`${name}-${stackName}`, terminal.env);
  const reporter = await createStackReporter(terminal, { json: isJson, log });
  const client = await createStackClient(access);
  const target = { ...given, region: access.region };
  let hasBegun = false;
  try {
    await work({
      stackName,
      access,
      region: await client.config.region(),
      client,
      isJson,
      print: createJsonLines(terminal.stdout),
      log,
      report(report) {
        if (report.type === 'begun') hasBegun = true;
        reporter.report(report);
      },
      done: () => reporter.done(),
      target,
    });
  } catch (error) {
    reporter.done();
    const state = { access, hasBegun, follow: options.follow, isInterrupted: signal.aborted };
    throw finishHint(explainStackError(error, state), target, log);
  } finally {
    client.destroy();
  }
}

/** The configured Region, else the agent's. */
export async function withRegion(access: AwsAccess, agentRegion: string | undefined): Promise<AwsAccess> {
  if (access.region) return access;
  const probe = await createStackClient(access);
  try {
    return { ...access, region: await probe.config.region() };
  } catch {
    return { ...access, ...(agentRegion && { region: agentRegion }) };
  } finally {
    probe.destroy();
  }
}

/** Writes the error to the log and adds the log's path to the hint, whose commands get the Region of this run. */
function finishHint(error: Error, target: Target, log: StackLog | undefined): Error {
  log?.write(`${error.name}: ${error.message}`);
  if (!(error instanceof AgentstreamError)) return error;
  const text = error.hint && hintText(error.hint, target);
  if (text) log?.write(`hint: ${text}`);
  const place = log && error instanceof OperationError ? `the log of this run: ${log.path}` : undefined;
  error.hint = [text, place].filter(Boolean).join('; ') || undefined;
  return error;
}

/**
 * Explains the error that ended a deploy or destroy: what to do, and what continues in AWS.
 * @param state.hasBegun whether an operation runs in AWS, even when this process ends
 * @param state.follow the command that follows an operation that continues in AWS
 * @param state.isInterrupted whether Ctrl-C was pressed
 */
export function explainStackError(
  error: unknown,
  state: Readonly<{ access: AwsAccess; hasBegun: boolean; follow: CommandWords; isInterrupted: boolean }>,
): Error {
  const { access, hasBegun, follow, isInterrupted } = state;
  if (isAbort(error)) {
    const isOurs = error instanceof AgentstreamError;
    if (isOurs && (!isInterrupted || error.hint !== undefined)) return error;
    return new AbortError('interrupted', {
      hint: hasBegun ? hint`the operation continues in AWS; follow it with: ${follow}` : 'nothing was changed',
    });
  }
  if (error instanceof AgentstreamError) return error;
  // Anything else is a bug and is reported as one.
  if (!isFromSdk(error)) return error instanceof Error ? error : new Error(String(error));
  const known = toOperationError(error, access);
  if (!(known instanceof OperationError)) return known;
  const cure = known.hint ?? failureHint(known.message) ?? (transientError(error) && 'run the command again');
  const goesOn = hasBegun ? '; the operation continues in AWS' : '';
  return new OperationError(known.code, `${redactArns(known.message)}${goesOn}`, {
    hint: hasBegun ? hint`${cure ? hint`${cure}, then ` : ''}follow it with: ${follow}` : cure,
    cause: error,
  });
}

/** The SDK marks errors of services and of its credential chain; others carry the codes of a broken network. */
function isFromSdk(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const isMarked = '$metadata' in error || '$fault' in error || 'tryNextLink' in error;
  return isMarked || transientError(error) !== undefined || /region is missing/i.test(error.message);
}
