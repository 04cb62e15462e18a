import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type CommandScope, completeSlashCommand, runSlashCommand } from '../../src/chat/slash-commands.ts';
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

test.each([
  ['/h', ['/help', '/hop']],
  ['/hop', ['/hop']],
  ['/hop ', ['/hop api', '/hop lambda', '/hop agentcore']],
  ['/hop a', ['/hop api', '/hop agentcore']],
  ['/stats f', ['/stats full']],
  ['/hop api x', []],
  ['hop', []],
])('Tab completes %j', (line, completions) => {
  expect(completeSlashCommand(line)).toEqual(completions);
});

test('/save writes for its owner alone, never over a file, and says what is wrong in words', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'agentstream-'));
  try {
    const terminal = createMemoryTerminal();
    const scope = { terminal, session: { turns: [] } } as unknown as CommandScope;
    const file = join(folder, 'chat.md');
    const save = (path: string) => runSlashCommand(`/save ${path}`, scope);
    await expect(runSlashCommand('/nonsense', scope)).rejects.toMatchObject({ code: 'UNKNOWN_COMMAND' });
    await expect(runSlashCommand('/retry', scope)).rejects.toMatchObject({ code: 'NO_TURN' });
    await expect(save(join(folder, 'chat.pdf'))).rejects.toMatchObject({ code: 'INVALID_FILE' });
    await save(file);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await expect(save(file)).rejects.toThrow(`could not write ${file}: there is one already, and it is not overwritten`);
    const lost = join(folder, 'nowhere', 'chat.md');
    await expect(save(lost)).rejects.toThrow(`could not write ${lost}: there is no such folder`);
    const below = join(file, 'chat.md');
    await expect(save(below)).rejects.toThrow(`could not write ${below}: its folder is a file`);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
