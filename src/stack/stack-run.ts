import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { type AwsAccess, resolveAwsAccess } from '../aws/aws-access.ts';
import { transientError, renewCredentials, toOperationError } from '../aws/aws-errors.ts';
import { hintText, type Target } from '../cli/command-line.ts';
import type { CommandContext } from '../cli/context.ts';
import { AbortError, AgentstreamError, isAbort, OperationError } from '../cli/errors.ts';
import { type CommandWords, hint } from '../cli/hint.ts';
import { readStackName, type StackFlags } from '../cli/options.ts';
import { createStackClient } from '../aws/stack.ts';
import type { StackReport } from './stack-report.ts';
import { createJsonLines, type JsonLine } from '../ui/json-lines.ts';
import { openStackLog, type StackLog } from './report/stack-log.ts';
import { createStackReporter } from './report/stack-reporter.ts';
import { failureHint } from './stack-failure.ts';
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
  /** What leads to the same stack, for commands that are printed. */
  readonly target: Target;
}

/**
 * Runs a command on a stack: with a client whose calls end, a reporter, a log, and words for what goes wrong.
 * @param options.agentRegion where a stack goes for which no Region is set anywhere
 * @param options.follow the command that follows an operation that goes on in AWS
 */
export async function runOnStack(
  name: 'deploy' | 'destroy' | 'key-rotate' | 'key-retire',
  flags: StackFlags,
  { terminal, signal, target: given }: CommandContext,
  options: { readonly agentRegion?: string | undefined; readonly follow: CommandWords },
  work: (run: StackRun) => Promise<void>,
): Promise<void> {
  const stackName = readStackName(flags, terminal.env);
  const access = await withRegion(resolveAwsAccess(flags, terminal.env), options.agentRegion);
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
    const { follow } = options;
    const state = { access, hasBegun, follow, isInterrupted: signal.aborted };
    throw finishHint(explainStackError(error, state), target, log);
  } finally {
    client.destroy();
  }
}

/** The Region that is set anywhere, else the agent's own. */
async function withRegion(access: AwsAccess, agentRegion: string | undefined): Promise<AwsAccess> {
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

/** Writes an error into the log, and into its hint where the log is. Its commands get what this run alone may know: the Region. */
function finishHint(error: Error, target: Target, log: StackLog | undefined): Error {
  log?.write(`${error.name}: ${error.message}`);
  if (!(error instanceof AgentstreamError)) return error;
  const text = error.hint && hintText(error.hint, target);
  if (text) log?.write(`hint: ${text}`);
  const place =
    log && error instanceof OperationError ? `the log of this run: ${log.path}` : undefined;
  error.hint = [text, place].filter(Boolean).join('; ') || undefined;
  return error;
}

/** How a run stood when it failed. */
export interface StackRunState {
  readonly access: AwsAccess;
  /** An operation runs in AWS, whatever becomes of this process. */
  readonly hasBegun: boolean;
  /** The command that follows an operation that goes on in AWS. */
  readonly follow: CommandWords;
  /** The person has said stop. */
  readonly isInterrupted: boolean;
}

/** What ended a deploy or a destroy, in words for people: what to do, and what goes on without us. */
export function explainStackError(error: unknown, state: StackRunState): Error {
  const { access, hasBegun, follow, isInterrupted } = state;
  if (isAbort(error)) {
    const isOurs = error instanceof AgentstreamError;
    if (isOurs && (!isInterrupted || error.hint !== undefined)) return error;
    return new AbortError('interrupted', {
      hint: hasBegun
        ? hint`what was begun goes on in AWS; follow it with: ${follow}`
        : 'nothing was changed',
    });
  }
  if (error instanceof AgentstreamError) return error;
  // Anything else is a bug, and is told as one.
  if (!isFromSdk(error)) return error instanceof Error ? error : new Error(String(error));
  const known = toKnown(error, access);
  if (!(known instanceof OperationError)) return known;
  const isExpired = known.code === 'EXPIRED_CREDENTIALS';
  const cure = isExpired
    ? renewCredentials(access)
    : (known.hint ?? failureHint(known.message) ?? waitHint(error));
  const goesOn = hasBegun ? '; what was begun goes on in AWS' : '';
  return new OperationError(known.code, `${redactArns(known.message)}${goesOn}`, {
    hint: hasBegun ? hint`${cure ? hint`${cure}, then ` : ''}follow it with: ${follow}` : cure,
    cause: error,
  });
}

/** The SDK marks what the services answer and what its credential chain says; the rest has the codes of a broken network. */
function isFromSdk(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const isMarked = '$metadata' in error || '$fault' in error || 'tryNextLink' in error;
  return (
    isMarked || transientError(error) !== undefined || /region is missing/i.test(error.message)
  );
}

/** A connection that broke has no name of its own in the SDK. */
function toKnown(error: unknown, access: AwsAccess): Error {
  const known = toOperationError(error, access);
  if (transientError(error) !== 'network' || !(known instanceof OperationError)) return known;
  if (known.code === 'NO_CONNECTION') return known;
  const { name, code } = error as Error & { readonly code?: string };
  const where = access.endpointUrl ?? 'AWS';
  return new OperationError('NO_CONNECTION', `no connection to ${where} (${code ?? name})`);
}

function waitHint(error: unknown): string | undefined {
  return transientError(error) === undefined ? undefined : 'try again: it is safe';
}
