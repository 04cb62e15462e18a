// Makes a fresh clone ready: installs and builds when needed, and only then.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`agentstream needs Node.js 20.19 or newer; this is ${process.versions.node}`);
  process.exit(1);
}

const changedAt = (/** @type {string} */ path) => (existsSync(path) ? statSync(path).mtimeMs : 0);
const newestIn = (/** @type {string} */ folder) =>
  Math.max(
    ...readdirSync(folder, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile())
      .map((entry) => changedAt(join(entry.parentPath ?? entry.path, entry.name))),
  );

if (changedAt('node_modules/.package-lock.json') < changedAt('package-lock.json')) {
  run('installing dependencies', 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
}
if (
  changedAt('dist/templates/stack.json') <
  Math.max(newestIn('src'), changedAt('tsconfig.build.json'), changedAt('scripts/build.js'))
) {
  run('building', process.execPath, ['scripts/build.js']);
}

/**
 * @param {string} what
 * @param {string} command
 * @param {string[]} args
 */
function run(what, command, args) {
  console.error(`${what} ...`);
  // npm's lines go to stderr: stdout is for what was asked for.
  const { status } = spawnSync(command, args, { stdio: ['ignore', 2, 2], shell: process.platform === 'win32' });
  if (status !== 0) process.exit(status ?? 1);
}
