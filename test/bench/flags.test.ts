import { spawnSync } from 'node:child_process';
import { Command } from 'commander';
import { expect, test } from 'vitest';
import { addBenchFlags } from '../../src/bench/flags.ts';

const parse = (...args: string[]) => {
  const command = addBenchFlags(new Command()).exitOverride();
  return command.parse(args, { from: 'user' }).opts();
};

test('help shows defaults as people write them', () => {
  const help = addBenchFlags(new Command()).helpInformation().replaceAll(/\s+/g, ' ');
  const defaults = [...help.matchAll(/\(default: ([^)]*)\)/g)].map(([, text]) => text);
  expect(defaults).toEqual(expect.arrayContaining(['0', '2m', '50ms', 'per-vu', 'api', '"Say hello in one sentence."']));
  for (const text of defaults) expect(text).not.toMatch(/[[{]|\d{3,}$/);
});

test('defaults are what they say', () => {
  expect(parse()).toMatchObject({ warmup: 0, grace: 120_000, maxLag: 50, session: { type: 'per-vu' }, hop: ['api'] });
  expect(parse('--grace', '5s', '--hop', 'agentcore,api')).toMatchObject({ grace: 5_000, hop: ['api', 'agentcore'] });
});

/** Whether Node.js loads this module of dist without the schema library. */
function loadsWithoutSchemas(module: string): boolean {
  const hook = `export async function resolve(specifier, context, next) {
    if (specifier === 'valibot') throw new Error('the schema library is loaded');
    return next(specifier, context);
  }`;
  const url = new URL(`../../dist/${module}`, import.meta.url).href;
  const script = `import { register } from 'node:module';
    register('data:text/javascript,' + encodeURIComponent(${JSON.stringify(hook)}));
    await import(${JSON.stringify(url)});`;
  return spawnSync(process.execPath, ['--input-type=module', '-e', script]).status === 0;
}

test('help does not load the schema library', () => {
  expect(loadsWithoutSchemas('commands/bench.js')).toBe(true);
  expect(loadsWithoutSchemas('bench/figures/parse-report.js')).toBe(false);
});
