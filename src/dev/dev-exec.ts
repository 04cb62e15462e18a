import type { AwsAccess } from '../aws/aws-access.ts';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Terminal } from '../ui/terminal.ts';
import { AbortError, OperationError } from '../cli/errors.ts';
import { EXIT } from '../cli/exit-codes.ts';
import type { DevReporter, DevStack } from './dev-reporter.ts';

/** The environment in which a child reaches the emulator with agentstream, an AWS SDK or curl. */
export function childEnvironment(access: AwsAccess, stackName: string, agentArn: string, stack: DevStack | undefined) {
  return {
    AWS_ENDPOINT_URL: access.endpointUrl ?? '',
    AWS_REGION: access.region,
    // The AWS CLI of version 1 and botocore read this one only.
    AWS_DEFAULT_REGION: access.region,
    AWS_ACCESS_KEY_ID: access.credentials?.accessKeyId,
    AWS_SECRET_ACCESS_KEY: access.credentials?.secretAccessKey,
    AWS_SESSION_TOKEN: undefined,
    AWS_PROFILE: undefined,
    AGENTSTREAM_LOCAL: access.endpointUrl ?? '',
    AGENTSTREAM_TIME_SCALE: access.timeScale?.toString(),
    AGENTSTREAM_STACK_NAME: stackName,
    AGENTSTREAM_AGENT_ARN: agentArn,
    ...(stack && {
      ENDPOINT_URL: stack.url,
      ...(stack.apiKey && { ENDPOINT_API_KEY: stack.apiKey }),
      ...(stack.token && { AGENTSTREAM_TOKEN: stack.token }),
    }),
  };
}

/** Runs the command of `--exec`; its failure is ours, with its own status. */
export async function runCommand(
  command: string,
  terminal: Terminal,
  signal: AbortSignal,
  env: Record<string, string | undefined>,
  reporter: DevReporter,
): Promise<void> {
  const status = await runChild(command, terminal, env, signal);
  reporter.finished(status);
  if (signal.aborted) throw new AbortError();
  if (status !== EXIT.ok) throw new ExecFailure(command, status);
}

/** The command of `--exec` has failed. */
class ExecFailure extends OperationError {
  override readonly exitCode: number;

  constructor(command: string, status: number) {
    super('EXEC_FAILED', `the command exited with status ${status}: ${command}`);
    this.exitCode = status;
  }
}

/** This program; the same relative path holds in the source tree and in the built package. */
const PROGRAM = fileURLToPath(new URL('../../bin/agentstream.js', import.meta.url));

/** Status of a shell whose command was ended by a signal: 128 + its number. SIGTERM is what we send. */
const TERMINATED_STATUS = 143;

/**
 * Runs a shell command on the terminal, with `env` added to the environment; an undefined value takes a variable away. The
 * command line may name `agentstream`, installed or not: it gets this very program.
 * @returns its exit status; a command that a signal ended has 143
 */
async function runChild(command: string, terminal: Terminal, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<number> {
  const folder = createProgramFolder();
  const child = spawn(command, {
    shell: true,
    stdio: terminal.inherit ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    env: { ...terminal.env, ...env, PATH: `${folder}${delimiter}${terminal.env['PATH'] ?? ''}` },
  });
  child.stdout?.on('data', (bytes: Buffer) => terminal.stdout.write(bytes));
  child.stderr?.on('data', (bytes: Buffer) => terminal.stderr.write(bytes));
  // On a terminal Ctrl-C reaches the child directly; a signal sent to us alone does not.
  const stop = (): void => void child.kill('SIGTERM');
  signal.addEventListener('abort', stop, { once: true });
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    return code ?? TERMINATED_STATUS;
  } finally {
    signal.removeEventListener('abort', stop);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A folder for PATH whose `agentstream` starts this program with this Node.js. */
function createProgramFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'agentstream-'));
  const call = `"${process.execPath}" "${PROGRAM}"`;
  writeFileSync(join(folder, 'agentstream'), `#!/bin/sh\nexec ${call} "$@"\n`, { mode: 0o755 });
  writeFileSync(join(folder, 'agentstream.cmd'), `@${call} %*\r\n`);
  return folder;
}
