import { main } from '../../src/cli.ts';
import { createMemoryTerminal, type MemoryTerminalOptions } from './memory-terminal.ts';

export interface CliResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one command line in this process. */
export async function runCli(
  args: readonly string[],
  options: MemoryTerminalOptions = {},
): Promise<CliResult> {
  const terminal = createMemoryTerminal(options);
  const exitCode = await main(args, terminal);
  return { exitCode, ...terminal.text };
}

/** The JSON lines of a `--json` run. */
export function jsonLines(stdout: string): Record<string, unknown>[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
