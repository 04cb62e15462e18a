import { expect, test } from 'vitest';
import { type CommandScope, runSlashCommand } from '../../src/chat/slash-commands.ts';
import { createMemoryTerminal } from '../helpers/memory-terminal.ts';
import { runCli } from '../helpers/run-cli.ts';

test('/help names commands and options that exist for what /save writes', async () => {
  const terminal = createMemoryTerminal();
  // Of all that a command may use, /help uses the terminal alone.
  await runSlashCommand('/help', { terminal } as unknown as CommandScope);
  const line = terminal.text.stderr.split('\n').find((each) => each.includes('/save')) ?? '';
  const uses = [...line.matchAll(/([a-z]+) (--[a-z]+)/g)];
  expect(uses.length).toBeGreaterThan(0);
  for (const [, command = '', option = ''] of uses) {
    const { exitCode, stdout } = await runCli([command, '--help']);
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining(`  ${option} `)]);
  }
});
