import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { type AwsAccess, clientConfig, resolveAwsAccess } from '../aws/aws-access.ts';
import type { CommandContext } from '../cli/context.ts';
import { OperationError } from '../cli/errors.ts';
import { readStackName, type StackFlags } from '../cli/options.ts';
import { stackFlagsText } from '../aws/stack-flags-text.ts';
import { explainStackError } from './explain-stack-error.ts';
import { createStackClient } from '../aws/stack-client.ts';
import type { StackReport } from './stack-report.ts';
import { type JsonLine, createJsonLines } from '../ui/json-lines.ts';
import { openStackLog, type StackLog } from './report/stack-log.ts';
import { createStackReporter } from './report/stack-reporter.ts';
import { withStackFlags } from '../aws/with-stack-flags.ts';

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
  /** Flags that lead to the same stack, to be put behind a command: ` --stack-name x`, or nothing. */
  readonly flagsText: string;
}

/**
 * Runs a command on a stack: with a client whose calls end, a reporter, a log, and words for what goes wrong.
 * @param options.agentRegion where a stack goes for which no Region is set anywhere
 * @param options.follow the command that follows what was begun: `deploy --attach`
 */
export async function runOnStack(
  name: 'deploy' | 'destroy' | 'key-rotate' | 'key-retire',
  flags: StackFlags,
  { terminal, signal }: CommandContext,
  options: { readonly agentRegion?: string | undefined; readonly follow: string },
  work: (run: StackRun) => Promise<void>,
): Promise<void> {
  const stackName = readStackName(flags, terminal.env);
  const access = await withRegion(resolveAwsAccess(flags, terminal.env), options.agentRegion);
  const isJson = flags.json === true;
  const log = openStackLog(`${name}-${stackName}`, terminal.env);
  const reporter = await createStackReporter(terminal, { json: isJson, log });
  const client = createStackClient(access);
  const flagsText = stackFlagsText(flags, stackName, access);
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
      flagsText,
    });
  } catch (error) {
    reporter.done();
    const followCommand = `agentstream ${options.follow}${flagsText}`;
    const isInterrupted = signal.aborted;
    const state = { access, hasBegun, followCommand, isInterrupted };
    throw withLog(withFlags(explainStackError(error, state), flagsText), log);
  } finally {
    client.destroy();
  }
}

/** The Region that is set anywhere, else the agent's own. */
async function withRegion(access: AwsAccess, agentRegion: string | undefined): Promise<AwsAccess> {
  if (access.region) return access;
  const probe = new CloudFormationClient(clientConfig(access));
  try {
    return { ...access, region: await probe.config.region() };
  } catch {
    return { ...access, ...(agentRegion && { region: agentRegion }) };
  } finally {
    probe.destroy();
  }
}

/** Whoever throws does not know which flags led to the stack; a hint's commands have to lead there, too. */
function withFlags(error: Error, flagsText: string): Error {
  if (!(error instanceof OperationError) || error.hint === undefined) return error;
  return withHint(error, withStackFlags(error.hint, flagsText));
}

/** The log gets the end of the story, and the error says where it is. */
function withLog(error: Error, log: StackLog | undefined): Error {
  if (!log) return error;
  log.write(`${error.name}: ${error.message}`);
  if (!(error instanceof OperationError)) return error;
  if (error.hint) log.write(`hint: ${error.hint}`);
  return withHint(error, `${error.hint ? `${error.hint}; ` : ''}the log of this run: ${log.path}`);
}

function withHint({ code, message, cause, isInDocument }: OperationError, hint: string): Error {
  return new OperationError(code, message, { hint, cause, isInDocument });
}
