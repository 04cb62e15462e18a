import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { readFlushMode } from '../../lambda/config.ts';

/** What CloudFormation lets through. */
const { Parameters } = parse(
  readFileSync(new URL('../../src/templates/stack.yaml', import.meta.url), 'utf8')
    .split('\nConditions:')[0]
    ?.replaceAll(/\{\{\w+\}\}/g, '') ?? '',
) as { Parameters: { FlushMode: { Default: string; AllowedPattern: string } } };
const pattern = new RegExp(Parameters.FlushMode.AllowedPattern);

test.each([
  ['auto', 'auto'],
  ['off', 'off'],
  ['pause', 'pause'],
  ['1', 1],
  ['16384', 16_384],
  ['99999', 99_999],
  ['129999', 129_999],
])('the template and the function take %s', (text, mode) => {
  expect(text).toMatch(pattern);
  expect(readFlushMode(text)).toBe(mode);
});

test.each(['', 'on', '0', '-1', '1.5', '130000', '1000000', 'auto '])('neither takes %j', (text) => {
  expect(text).not.toMatch(pattern);
  expect(readFlushMode(text)).toBeUndefined();
});

test('the default is auto', () => {
  expect(Parameters.FlushMode.Default).toBe('auto');
});
