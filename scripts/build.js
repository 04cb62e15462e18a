// Compiles src to dist and puts beside it what the compiler does not copy.
import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
rmSync('dist', { recursive: true, force: true });
const compiler = 'node_modules/typescript/bin/tsc';
const { status } = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], {
  stdio: 'inherit',
});
if (status !== 0) process.exit(status ?? 1);
cpSync('src/bench/report/html/style', 'dist/bench/report/html/style', { recursive: true });
const prepare = new URL('../dist/templates/prepare-template.js', import.meta.url);
const { prepareTemplate } = await import(prepare.href);
const template = prepareTemplate(readFileSync('src/templates/stack.yaml', 'utf8'));
// Last, so that its time tells when the build was complete.
writeFileSync('dist/templates/stack.json', JSON.stringify(template));
