import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ERROR_CODES } from '../../src/cli/error-codes.ts';
import { STATUS_OF_CODE } from '../../src/protocol.ts';
import { runCli } from '../helpers/run-cli.ts';

const ALL = [...new Set([...ERROR_CODES, ...Object.keys(STATUS_OF_CODE)])].sort();

test('docs/errors.md has each code once, and no other', () => {
  const rows = readFileSync('docs/errors.md', 'utf8').matchAll(/^\| (`[A-Z_0-9]+`(?:, `[A-Z_0-9]+`)*) +\|/gm);
  const listed = [...rows].flatMap(([, cell = '']) => cell.replaceAll('`', '').split(', '));
  expect(listed.sort()).toEqual(ALL);
});

test('the status of a code of the function is as it is sent', () => {
  const text = readFileSync('docs/errors.md', 'utf8');
  for (const [code, status] of Object.entries(STATUS_OF_CODE)) {
    expect(text).toMatch(new RegExp(`^\\| \`${code}\` +\\| ${status} +\\|`, 'm'));
  }
});

test('each code is in use', () => {
  const source = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('error-codes.ts'))
    .map((name) => readFileSync(join('src', name), 'utf8'))
    .join('\n');
  expect(ERROR_CODES.filter((code) => !source.includes(`'${code}'`))).toEqual([]);
});

/** All tests but this one, as text. */
function readTests(): string {
  return readdirSync('test', { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(?:ts|mjs)$/.test(name) && !name.endsWith('error-codes.test.ts'))
    .map((name) => readFileSync(join('test', name), 'utf8'))
    .join('\n');
}

/** Told at a keyboard alone, without the code: test/e2e/chat-turns.test.ts has the sentence. */
const UNNAMED = ['EDITOR_FAILED'];

test('each code is named by a test', () => {
  const tests = readTests();
  expect(ALL.filter((code) => !new RegExp(`\\b${code}\\b`).test(tests))).toEqual(UNNAMED);
});

test('each flag of each command is named by a test', async () => {
  const flags = new Set<string>();
  const read = async (command: readonly string[]): Promise<void> => {
    const { stdout } = await runCli([...command, '--help']);
    for (const [, flag = ''] of stdout.matchAll(/^ {2}(?:-\w, )?(--[a-z][a-z0-9-]+)/gm)) flags.add(flag);
    const [, commands = ''] = /^Commands:\n((?: {2}.*\n)+)/m.exec(stdout) ?? [];
    for (const [, name = ''] of commands.matchAll(/^ {2}(\w[\w-]*)/gm)) if (name !== 'help') await read([...command, name]);
  };
  await read([]);
  expect(flags.size).toBeGreaterThan(100);
  const tests = readTests();
  expect([...flags].filter((flag) => !new RegExp(`${flag}(?![\\w-])`).test(tests))).toEqual([]);
});
