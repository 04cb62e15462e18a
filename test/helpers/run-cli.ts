import { main } from '../../src/cli.ts';
import { createMemoryTerminal, type MemoryTerminalOptions } from './memory-terminal.ts';

export interface CliResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one command line in this process; a deploy without its proof, which takes seconds, unless `proves`. */
export async function runCli(
  args: readonly string[],
  { proves = false, ...options }: MemoryTerminalOptions & { readonly proves?: boolean } = {},
): Promise<CliResult> {
  const terminal = createMemoryTerminal(options);
  const exitCode = await main(proves ? args : withoutProof(args), terminal);
  return { exitCode, ...terminal.text };
}

export function withoutProof(args: readonly string[]): readonly string[] {
  return args[0] === 'deploy' ? [...args, '--no-verify'] : args;
}

/** The JSON lines of a `--json` run. */
export function jsonLines(stdout: string): Record<string, unknown>[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
