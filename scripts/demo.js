// The story of a stream on the emulator: deploy, an answer as it arrives, a silence, the heartbeat, a load, destroy.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const path = (/** @type {string} */ relative) => fileURLToPath(new URL(relative, import.meta.url));
const steps = `"${process.execPath}" "${path('demo-steps.js')}"`;

const { status } = spawnSync(
  process.execPath,
  [path('../bin/agentstream.js'), 'dev', '--no-deploy', '--port', '0', '--exec', steps],
  { stdio: 'inherit' },
);
process.exit(status ?? 1);
