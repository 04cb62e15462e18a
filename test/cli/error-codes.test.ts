import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ERROR_CODES } from '../../src/cli/error-codes.ts';
import { STATUS_OF_CODE } from '../../src/protocol.ts';

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
