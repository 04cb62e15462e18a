// Preloaded (NODE_OPTIONS) into a runtime process of the emulator: AWS's runtime interface client runs in its place, on the Node.js
// of the runtime, with the flags that Lambda gives it, and this process only waits for its end.
import { spawn } from 'node:child_process';
import net from 'node:net';

const { NODE_OPTIONS: _, ...env } = process.env;
const { RUNTIME_NODE = '', RUNTIME_CLIENT = '', RUNTIME_STUB = '' } = env;

const child = spawn(
  RUNTIME_NODE,
  [
    // Turned off by Lambda (Lambda guide, "Building Lambda functions with Node.js").
    '--no-experimental-require-module',
    '--no-experimental-detect-module',
    '--import',
    RUNTIME_STUB,
    RUNTIME_CLIENT,
    env['_HANDLER'] ?? '',
  ],
  { env, stdio: ['ignore', 'inherit', 'inherit'] },
);
child.on('error', (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
child.on('exit', (code) => process.exit(code ?? 1));

// File descriptor 3 is a pipe that the emulator holds: as for its own runtime, its end is the end.
const pipe = new net.Socket({ fd: 3, readable: true, writable: false });
for (const event of ['close', 'error']) pipe.on(event, () => child.kill('SIGKILL'));
pipe.resume();

await new Promise(() => undefined);
