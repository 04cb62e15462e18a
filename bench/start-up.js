// How long commands take to start, as multiples of a bare `node -e 0`: whole processes, in turns, medians of the ratios.
// Exits 1 when a bound is broken:
//   npm run bench:start-up
import { spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const ROUNDS = 15;
/** Before them: they fill the disk cache, and the compile cache of Node.js 22 and newer. */
const WARM_UP_ROUNDS = 2;

const HELP = 1.7;
const ONE_HTTP_TURN = 3;
const WITH_THE_SDK = 4.5;

const COMMANDS =
  'dev, deploy, invoke, chat, bench, bench compare, bench export, bench merge, status, key, key rotate, key retire, openapi, doctor, logs, template, iam-policy, completion, destroy';

const bin = fileURLToPath(new URL('../bin/agentstream.js', import.meta.url));
const dev = await startDev();
try {
  const stack = { ...process.env, AGENTSTREAM_LOCAL: dev.emulatorUrl };
  const prompt = 'hi';
  /** @type {{ name: string, file?: string, args: string[], most?: number, env?: NodeJS.ProcessEnv, times: number[] }[]} */
  const rows = [
    { name: 'node -e 0', args: ['-e', '0'] },
    ...(hasAwsCli() ? [{ name: 'aws --version', file: 'aws', args: ['--version'] }] : []),
    { name: 'agentstream --version', args: [bin, '--version'], most: 1.5 },
    { name: 'agentstream --help', args: [bin, '--help'], most: HELP },
    ...COMMANDS.split(', ').map((command) => ({
      name: `${command} --help`,
      args: [bin, ...command.split(' '), '--help'],
      most: HELP,
    })),
    { name: 'invoke --url', args: [bin, 'invoke', '--url', dev.url, '--api-key', dev.apiKey, prompt], most: ONE_HTTP_TURN },
    { name: 'invoke', args: [bin, 'invoke', prompt], most: WITH_THE_SDK, env: stack },
    { name: 'status', args: [bin, 'status'], most: WITH_THE_SDK, env: stack },
  ].map((row) => ({ ...row, times: [] }));

  for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round += 1) {
    for (const { name, file = process.execPath, args, env, times } of rows) {
      const startedAt = performance.now();
      const { status, stderr } = spawnSync(file, args, { stdio: ['ignore', 'ignore', 'pipe'], env });
      if (status !== 0) throw new Error(`${name} exited with status ${status}: ${String(stderr)}`);
      if (round >= 0) times.push(performance.now() - startedAt);
    }
  }

  const reference = rows[0]?.times ?? [];
  const broken = [];
  console.log(`${ROUNDS} rounds, Node.js ${process.versions.node}\n`);
  console.log(`${''.padEnd(24)}${'median'.padStart(9)}${'ratio'.padStart(9)}   at most`);
  for (const { name, most, times } of rows) {
    const ratio = median(times.map((time, round) => time / (reference[round] ?? Number.NaN)));
    const isBroken = most !== undefined && ratio > most;
    if (isBroken) broken.push(name);
    console.log(
      `${name.padEnd(24)}${median(times).toFixed(0).padStart(6)} ms${ratio.toFixed(2).padStart(9)}   ${most ?? ''}${isBroken ? '   broken' : ''}`,
    );
  }
  if (broken.length > 0) console.log(`\nslower than its bound: ${broken.join(', ')}`);
  process.exitCode = broken.length > 0 ? 1 : 0;
} finally {
  dev.stop();
}

/** A stack on this machine, in a process of its own. */
async function startDev() {
  const child = spawn(process.execPath, [bin, 'dev', '--agent', 'echo', '--port', '0', '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const { type, emulatorUrl, url, apiKey } = JSON.parse(line);
    if (type !== 'ready') continue;
    child.stdout.resume();
    return { emulatorUrl, url, apiKey, stop: () => void child.kill('SIGTERM') };
  }
  throw new Error('agentstream dev ended before it was ready');
}

function hasAwsCli() {
  return spawnSync('aws', ['--version'], { stdio: 'ignore' }).status === 0;
}

/** @param {number[]} values */
function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
