// How much `agentstream --version` costs above a bare `node -e 0`: whole processes, in turns, medians. The ratio is what counts:
//   npm run bench:start-up
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROUNDS = 41;
const MAX_RATIO = 1.5;

const bin = fileURLToPath(new URL('../bin/agentstream.js', import.meta.url));
const commands = {
  'node -e 0': ['-e', '0'],
  'agentstream --version': [bin, '--version'],
  'agentstream --help': [bin, '--help'],
};

/** @type {Record<string, number[]>} */
const times = Object.fromEntries(Object.keys(commands).map((name) => [name, []]));
for (let round = -2; round < ROUNDS; round += 1) {
  for (const [name, args] of Object.entries(commands)) {
    const startedAt = performance.now();
    const { status } = spawnSync(process.execPath, args, { stdio: 'ignore' });
    if (status !== 0) throw new Error(`${name} exited with status ${status}`);
    // The first two rounds warm the disk cache.
    if (round >= 0) times[name]?.push(performance.now() - startedAt);
  }
}

const reference = times['node -e 0'] ?? [];
console.log(`${ROUNDS} rounds, Node.js ${process.versions.node}`);
for (const [name, series] of Object.entries(times)) {
  const ratios = series.map((time, round) => time / (reference[round] ?? Number.NaN));
  console.log(
    `${name.padEnd(22)} ${median(series).toFixed(1).padStart(6)} ms   x ${median(ratios).toFixed(2)}`,
  );
}
const ratio = median(
  (times['agentstream --version'] ?? []).map(
    (time, round) => time / (reference[round] ?? Number.NaN),
  ),
);
console.log(`--version costs ${ratio.toFixed(2)} times a bare node (at most ${MAX_RATIO} wanted)`);
process.exitCode = ratio <= MAX_RATIO ? 0 : 1;

/** @param {number[]} values */
function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
