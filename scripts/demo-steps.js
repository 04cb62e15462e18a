// What `npm run demo` does once the chain is up: real commands, with the time of arrival before each line of the answer.
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';

const LINE_WIDTH = 72;
const PROMPT = 'a lighthouse keeper who answers letters';
const SECOND_PROMPT = 'the letter that came back';
const REPORT = 'bench-report.html';

heading('agentstream deploy --agent-arn "$AGENTSTREAM_AGENT_ARN"');
await run('deploy');

heading('agentstream status');
await run('status');

heading(`agentstream invoke --stats "${PROMPT}"`);
await run('invoke', '--stats', PROMPT);

heading(`echo "${SECOND_PROMPT}" | agentstream chat --stats`);
await run('chat', '--stats');

const benchmark = ['--vus', '8', '--requests', '16', '--hop', 'api,agentcore', '--html', REPORT];
heading(`agentstream bench ${benchmark.join(' ')}`);
await run('bench', ...benchmark);

heading('agentstream destroy --yes');
await run('destroy', '--yes');

process.stdout.write(`\nThe report of the bench: ${resolve(REPORT)}\n`);

/** @param {string} text */
function heading(text) {
  process.stdout.write(`\n$ ${text}\n`);
}

/** @param {string[]} args arguments of agentstream */
async function run(...args) {
  const startedAt = performance.now();
  const child = spawn('agentstream', args, { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(args[0] === 'chat' ? SECOND_PROMPT : '');
  let column = 0;
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (/** @type {string} */ text) => {
    if (args[0] !== 'invoke' && args[0] !== 'chat') {
      process.stdout.write(text);
      return;
    }
    for (const word of text.split(/(?<=\s)/)) {
      if (column === 0) process.stdout.write(`${elapsed(startedAt)}  `);
      process.stdout.write(word);
      column = word.endsWith('\n') ? 0 : column + word.length;
      if (column > LINE_WIDTH && /\s$/.test(word)) {
        process.stdout.write('\n');
        column = 0;
      }
    }
  });
  const status = await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (status !== 0) process.exit(status ?? 1);
}

/** @param {number} startedAt */
function elapsed(startedAt) {
  return `${((performance.now() - startedAt) / 1_000).toFixed(2)} s`.padStart(7);
}
