// Compiles src to dist and puts the template beside its renderer.
import { spawnSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';

process.chdir(new URL('..', import.meta.url).pathname);
rmSync('dist', { recursive: true, force: true });
const { status } = spawnSync(
  process.execPath,
  ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'],
  {
    stdio: 'inherit',
  },
);
if (status !== 0) process.exit(status ?? 1);
cpSync('src/templates/stack.yaml', 'dist/templates/stack.yaml');
