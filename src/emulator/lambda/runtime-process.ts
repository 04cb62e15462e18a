import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Credentials } from '../iam/service.ts';
import type { FunctionDefinition } from './function-properties.ts';
import { FUNCTION_VERSION } from './store.ts';

const FOLDER = /^agentstream-lambda-(\d+)-/;

/** Removes the folders that emulators have left behind which were killed. */
export async function removeLeftCode(): Promise<void> {
  const names = await readdir(tmpdir()).catch(() => []);
  const left = names.filter((name) => {
    const [, pid] = FOLDER.exec(name) ?? [];
    return pid !== undefined && !isAlive(Number(pid));
  });
  // Another may be at it, or own them.
  await Promise.all(left.map((name) => rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => undefined)));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Unpacks inline code: one CommonJS file `index.js` (`aws-properties-lambda-function-code.html`), unless `nodeFlags` are undone. */
export async function unpackCode(code: string) {
  const root = await mkdtemp(join(tmpdir(), `agentstream-lambda-${process.pid}-`));
  const path = join(root, 'task');
  await mkdir(path);
  await writeFile(join(path, 'index.js'), code);
  return { path, remove: () => rm(root, { recursive: true, force: true, maxRetries: 3 }) };
}

export type RuntimeProcess = ReturnType<typeof startRuntimeProcess>;

/** Leads its own process group, which Ctrl-C does not reach. Its file descriptor 3 closes when the emulator has ended. */
export function startRuntimeProcess(input: {
  readonly command: readonly [string, ...string[]];
  readonly cwd: string;
  readonly env: Record<string, string>;
  readonly onLine: (stream: 'stdout' | 'stderr', line: string) => void;
}) {
  const [file, ...args] = input.command;
  const child = spawn(file, args, { cwd: input.cwd, env: input.env, detached: true, stdio: ['ignore', 'pipe', 'pipe', 'pipe'] });
  for (const stream of ['stdout', 'stderr'] as const)
    createInterface({ input: child[stream] as Readable }).on('line', (line) => input.onLine(stream, line));
  child.stdio[3]?.on('error', () => {
    // The pipe breaks when the process ends, which `exited` reports.
  });
  return {
    /** Settles when the process has ended: `exit status 1`, `signal: killed`, or undefined after status 0. */
    exited: waitForExit(child),
    /** Ends the process and all that it has started, at once. */
    kill: (): void => {
      if (child.exitCode === null && child.signalCode === null) killGroup(child);
    },
  };
}

async function waitForExit(child: ChildProcess): Promise<string | undefined> {
  return await new Promise((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('exit', (code, signal) => {
      // Processes that the function has started end with its environment.
      killGroup(child);
      if (signal) resolve(signal === 'SIGKILL' ? 'signal: killed' : `signal: ${signal}`);
      else resolve(code === 0 ? undefined : `exit status ${code}`);
    });
  });
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // No process of the group is left.
  }
}

/** Settings of one execution environment, beside its function's configuration. */
export interface EnvironmentFacts {
  readonly region: string;
  readonly credentials: Credentials;
  /** Where the SDKs find AWS: their standard variable `AWS_ENDPOINT_URL`. */
  readonly endpointUrl: string;
  /** `host:port` of the Runtime API. */
  readonly runtimeApi: string;
  readonly taskRoot: string;
  readonly runtimeDir: string;
  readonly logStream: string;
}

/** Features of Node.js that Lambda turns off (developer guide, "Building Lambda functions with Node.js"). */
const TURNED_OFF = ['experimental-require-module', 'experimental-detect-module'];

/** Flags of Node.js for a function, whose own NODE_OPTIONS may turn on again what Lambda turns off. */
export function nodeFlags({ variables }: FunctionDefinition): string[] {
  const own = (variables['NODE_OPTIONS'] ?? '').split(/\s+/);
  return TURNED_OFF.filter((name) => !own.includes(`--${name}`) && process.allowedNodeEnvironmentFlags.has(`--${name}`)).map(
    (name) => `--no-${name}`,
  );
}

/** Lambda's own variables (`configuration-envvars.html`), the endpoint, and the function's, which replace what is not reserved. */
export function environmentVariables(definition: FunctionDefinition, facts: EnvironmentFacts): Record<string, string> {
  return {
    LANG: 'en_US.UTF-8',
    PATH: '/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin',
    TZ: ':UTC',
    AWS_ENDPOINT_URL: facts.endpointUrl,
    ...definition.variables,
    _HANDLER: definition.handler,
    AWS_REGION: facts.region,
    AWS_DEFAULT_REGION: facts.region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${definition.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: definition.name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(definition.memoryMb),
    AWS_LAMBDA_FUNCTION_VERSION: FUNCTION_VERSION,
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: definition.logging.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: facts.logStream,
    AWS_ACCESS_KEY_ID: facts.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: facts.credentials.secretAccessKey,
    AWS_SESSION_TOKEN: facts.credentials.sessionToken,
    AWS_LAMBDA_RUNTIME_API: facts.runtimeApi,
    LAMBDA_TASK_ROOT: facts.taskRoot,
    LAMBDA_RUNTIME_DIR: facts.runtimeDir,
  };
}
