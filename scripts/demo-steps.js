// What `npm run demo` does once the emulator is up: the story of a stream, told by real commands that are printed before they run.
import { spawn } from 'node:child_process';
import { fitText } from '../dist/ui/wrap-text.js';

const WIDTH = Math.min(process.stdout.columns || 80, 100);
const TIME_STAMP = '  0.00 s  '.length;
const SILENCE = ['--time-scale', '300', '--fault', 'stall:2s'];
const QUESTION = 'Are you there?';

await step('Put an agent behind a streaming API, and prove that it streams:', {
  args: ['deploy'],
  keep: /^(\d+ to add|created stack|it streams)/,
});

await step('Ask it; before each line, when it came:', {
  args: ['invoke', '--stats', 'a lighthouse keeper who answers letters'],
  keep: /^ttfb/,
  stamped: true,
});

await step('5 minutes of silence end a stream (1 s here). An agent that thinks for longer:', {
  args: ['dev', '--port', '0', '--agent', 'echo', ...SILENCE, '--heartbeat', '0', '--exec', `agentstream invoke '${QUESTION}'`],
  keep: /^(error|hint): (?!the command)/,
  stamped: true,
  mayFail: true,
});

await step('The heartbeat, which every deploy sets, saves the same stream:', {
  args: ['dev', '--port', '0', '--agent', 'echo', ...SILENCE, '--exec', `agentstream invoke --stats '${QUESTION}'`],
  keep: /^ttfb/,
  stamped: true,
});

await step('Measure it under load:', {
  args: ['bench', '-c', '10', '-n', '10', '--no-pilot', '--no-self-test', '--max-lag', '1s'],
  keep: /^$/,
});

await step('Delete all of it:', { args: ['destroy', '--yes'], keep: /^destroyed/ });

write('\nYour own agent: agentstream dev --agent ./agent.ts (or a port: --agent 8080)\n');

/**
 * @typedef {object} Step
 * @property {string[]} args arguments of agentstream
 * @property {RegExp} keep lines of stderr that belong to the story
 * @property {boolean} [stamped] puts the time before each line of stdout
 * @property {boolean} [mayFail]
 */

/**
 * @param {string} text what the step shows
 * @param {Step} step
 */
async function step(text, { args, keep, stamped = false, mayFail = false }) {
  const command = ['agentstream', ...args].map((word) => (/^[\w.:-]+$/.test(word) ? word : JSON.stringify(word))).join(' ');
  write(`\n${text}\n$ ${command}\n`);
  const startedAt = performance.now();
  const env = { ...process.env, COLUMNS: String(WIDTH), ...(process.stdout.isTTY && { FORCE_COLOR: '1' }) };
  const child = spawn('agentstream', args, { stdio: ['ignore', 'pipe', 'pipe'], env });
  let column = 0;
  child.stdout.setEncoding('utf8').on('data', (/** @type {string} */ part) => {
    // The URL of a deploy is no part of the story.
    if (!stamped && args[0] !== 'deploy') process.stdout.write(part);
    if (!stamped) return;
    for (const word of part.split(/(?<=\s)/)) {
      // The end of a line that something on stderr has ended already.
      if (column === 0 && word === '\n') continue;
      if (column === 0) process.stdout.write(`${elapsed(startedAt)}  `);
      process.stdout.write(word);
      column = word.endsWith('\n') ? 0 : column + word.length;
      if (column > WIDTH - TIME_STAMP - 12 && word.endsWith(' ')) {
        process.stdout.write('\n');
        column = 0;
      }
    }
  });
  let rest = '';
  child.stderr.setEncoding('utf8').on('data', (/** @type {string} */ part) => {
    const lines = (rest + part).split('\n');
    rest = lines.pop() ?? '';
    // eslint-disable-next-line no-control-regex
    const kept = lines.filter((line) => keep.test(line.replaceAll(/\u001B\[\d*m/g, '')));
    if (kept.length > 0) write(`${column > 0 ? '\n' : ''}${kept.join('\n')}\n`);
    if (kept.length > 0) column = 0;
  });
  const status = await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (status === 0 || mayFail) return;
  process.stdout.write(`${rest}\nthe step failed with status ${status}\n`);
  process.exit(status ?? 1);
}

/** @param {string} text its lines are broken between words */
function write(text) {
  process.stdout.write(fitText(text, { isTTY: true, columns: WIDTH }));
}

/** @param {number} startedAt */
function elapsed(startedAt) {
  return `${((performance.now() - startedAt) / 1_000).toFixed(2)} s`.padStart(TIME_STAMP - 2);
}
