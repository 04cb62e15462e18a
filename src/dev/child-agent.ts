import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { dirname, extname, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BuildFailure } from 'esbuild';
import { type Agent, httpAgent, pingAgent } from '../emulator/index.ts';
import { UsageError } from '../cli/errors.ts';
import type { Output } from '../ui/terminal.ts';

/** The port of the AgentCore container contract: an agent that does not read PORT listens here. */
const CONTRACT_PORT = 8080;
const POLL_MS = 100;
const STOPPED_AFTER_MS = 2_000;
/**
 * Files are polled by name: an editor replaces a file, which a watcher of the old one does not see, and a poller of Node.js takes its first
 * look after the file was read, so that it would miss a change in between.
 */
const WATCH_MS = 300;

export interface ChildAgentOptions {
  /** Says what happens to the process. */
  readonly tell: (text: string) => void;
  /** Gets what the process prints. */
  readonly output: Output;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

/**
 * Runs an agent's file as a child process, and again whenever the file or one that it imports changes. Turns wait until it answers
 * `GET /ping`.
 * @param file TypeScript, JavaScript or Python
 * @throws {UsageError} INVALID_AGENT when there is no such file
 */
export async function openChildAgent(file: string, options: ChildAgentOptions): Promise<Agent & { close(): Promise<void> }> {
  if (!existsSync(file))
    throw new UsageError('INVALID_AGENT', `there is no file ${file}`, { hint: 'give a TypeScript, JavaScript or Python file' });
  const { tell, output, signal } = options;
  const port = await choosePort();
  const url = `http://127.0.0.1:${port}`;
  const agent = httpAgent(url);
  const env = { ...options.env, PORT: String(port) };
  let child: ChildProcess | undefined;
  /** When each file had been changed last, ms. */
  let seen: ReadonlyMap<string, number> = new Map();
  let isClosed = false;

  const start = async (): Promise<void> => {
    const readAt = Date.now();
    const program = await readProgram(file).catch((error: BuildFailure) => {
      const { text = error.message, location } = error.errors?.[0] ?? {};
      tell(`${location ? `${location.file}:${location.line}: ` : ''}${text}; waiting for a change`);
      return undefined;
    });
    watch(program?.inputs ?? [...seen.keys()], readAt);
    if (!program || isClosed) return;
    await stop();
    const [command = '', ...args] = program.command;
    const started = spawn(command, args, { cwd: dirname(resolve(file)), env, stdio: ['pipe', 'pipe', 'pipe'] });
    child = started;
    started.on('error', (error) => tell(`${file} could not be started: ${error.message}`));
    started.stdin.on('error', () => undefined);
    started.stdin.end(program.stdin);
    for (const stream of [started.stdout, started.stderr]) stream.on('data', (bytes: Buffer) => output.write(bytes));
    started.once('exit', (code, name) => {
      if (child !== started) return;
      child = undefined;
      if (!isClosed) tell(`${file} has ended (${name ?? `status ${code}`}); it starts again when it changes`);
    });
  };
  const stop = async (): Promise<void> => {
    const old = child;
    child = undefined;
    if (!old || old.exitCode !== null || old.signalCode !== null) return;
    const ended = new Promise((done) => old.once('exit', done));
    old.kill('SIGTERM');
    await Promise.race([ended, sleep(STOPPED_AFTER_MS).then(() => old.kill('SIGKILL'))]);
  };
  /** A file that has been changed since it was read counts as changed. */
  const watch = (files: readonly string[], readAt: number): void => {
    const paths = files.length > 0 ? files : [resolve(file)];
    const readOf = (at: number): number => (at > readAt && at <= Date.now() ? readAt : at);
    seen = new Map(paths.map((path) => [path, readOf(changedAt(path))]));
  };
  const look = (): void => {
    if ([...seen].every(([path, at]) => changedAt(path) === at)) return;
    watch([...seen.keys()], Infinity);
    tell(`${file} has changed: starting it again`);
    starting = starting.then(start);
  };
  const looking = setInterval(look, WATCH_MS).unref();
  const close = async (): Promise<void> => {
    isClosed = true;
    clearInterval(looking);
    await stop();
  };

  /** Until the running process answers; fails when there is none. */
  const ready = async (stopped: AbortSignal): Promise<void> => {
    for (;;) {
      await starting;
      if (!child) throw new Error(`${file} is not running`);
      if ((await pingAgent(url, stopped)).type === 'healthy') return;
      await sleep(POLL_MS, undefined, { signal: stopped });
    }
  };

  let starting = start();
  await starting;
  await ready(signal).catch(() => undefined);
  return {
    close,
    async invoke(invocation) {
      await ready(invocation.signal);
      return agent.invoke(invocation);
    },
  };
}

/** 0 for a file that is not there. */
function changedAt(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/**
 * TypeScript is bundled, and runs from stdin in the folder of its file: so its packages are found, and nothing is left behind.
 * @returns `inputs`: absolute paths of the files that it is made of; empty when only its own is known
 */
async function readProgram(file: string) {
  if (extname(file) === '.py') return { command: ['python3', '-u', resolve(file)], stdin: '', inputs: [] };
  const { build } = await import('esbuild');
  const { outputFiles, metafile } = await build({
    entryPoints: [resolve(file)],
    bundle: true,
    packages: 'external',
    platform: 'node',
    target: `node${process.versions.node}`,
    format: 'esm',
    banner: {
      js: "import { createRequire as $createRequire } from 'node:module'; const require = $createRequire(process.cwd() + '/');",
    },
    sourcemap: 'inline',
    write: false,
    metafile: true,
    logLevel: 'silent',
  });
  return {
    command: [process.execPath, '--enable-source-maps', '--input-type=module', '-'],
    stdin: outputFiles[0]?.text ?? '',
    inputs: Object.keys(metafile.inputs).map((path) => resolve(path)),
  };
}

/** The port of the contract, or any when it is in use. */
async function choosePort(): Promise<number> {
  for (const port of [CONTRACT_PORT, 0]) {
    const server = createServer();
    const found = await new Promise<number | undefined>((done) => {
      server.once('error', () => done(undefined));
      server.listen(port, '127.0.0.1', () => done((server.address() as AddressInfo).port));
    });
    server.close();
    if (found !== undefined) return found;
  }
  throw new Error('no port is free');
}
