import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createActingAgent } from '../helpers/acting-agent.ts';
import { AGENT_ARN, type Chain, startChain } from '../helpers/chain.ts';
import { BIN, runBin, spawnOnTerminal } from '../helpers/spawned.ts';
import { hasTmux, startInTmux } from '../helpers/tmux.ts';

/** Each of them acts on a terminal: clipboard, title, screen, bell, C1, direction of writing, link, colours that hide. */
const ATTACKS = {
  clipboard: '\u001B]52;c;ZXZpbA==\u0007',
  title: '\u001B]0;evil\u0007',
  clear: '\u001B[2J',
  up: '\u001B[5A',
  hidden: '\u001B[8m',
  c1: '\u009B2J\u009D0;evil\u009C',
  direction: '\u202E',
  link: '\u001B]8;;http://evil.example\u001B\\',
  start: '\rfake',
};
const MARK = `mark${Object.values(ATTACKS).join('')}`;

let folder = '';
let chain: Chain;
let aws: { readonly url: string; readonly server: Server };
let env: Record<string, string>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'agentstream-hostile-'));
  chain = await startChain(hostileAgent());
  aws = await serve((incoming, response) => void marked(incoming, response));
  env = { ...chain.env, HOME: folder, AGENTSTREAM_STACK_NAME: 'chain', AWS_MAX_ATTEMPTS: '1' };
});
afterAll(async () => {
  aws.server.close();
  await chain.close();
  rmSync(folder, { recursive: true, force: true });
});

async function serve(answer: (incoming: IncomingMessage, response: ServerResponse) => void) {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** Puts the mark into text, names and inputs of tools, notes, errors and lines that are no events. */
function hostileAgent() {
  const agent = createActingAgent();
  const event = (data: object, name = '') => ({ write: `${name && `event: ${name}\n`}data: ${JSON.stringify(data)}\n\n` });
  const delta = (text: string) => event({ event: { contentBlockDelta: { delta: { text } } } });
  agent.on('text', {
    acts: [
      delta(`# ${MARK}\n\n**${MARK}** and \`${MARK}\`\n\n| a |\n|---|\n| ${MARK} |\n`),
      ...Array.from(MARK, (character) => delta(character)),
      { write: `${MARK}: stray\n\n: ${MARK}\n\n` },
      event({ [MARK]: MARK, type: MARK }, MARK.replaceAll('\r', '')),
    ],
  });
  agent.on('tool', {
    acts: [
      event({ event: { contentBlockStart: { start: { toolUse: { name: MARK, toolUseId: MARK } } } } }),
      event({ event: { contentBlockDelta: { delta: { toolUse: { input: JSON.stringify({ [MARK]: MARK }) } } } } }),
      event({ event: { contentBlockStop: {} } }),
      delta('done'),
    ],
  });
  agent.on('error', { acts: [delta('so far'), event({ error: MARK, error_type: MARK, message: MARK })] });
  agent.on('plain', { contentType: 'text/plain', acts: [{ write: MARK }] });
  agent.on('json', { contentType: 'application/json', acts: [{ write: JSON.stringify({ result: MARK }) }] });
  agent.on('refuse', { status: 500, contentType: 'application/json', acts: [{ write: JSON.stringify({ error: MARK }) }] });
  return agent;
}

/** Members of AWS's answers that hold text which somebody may choose. */
const XML_TEXT = /<((?:Stack|Resource)?StatusReason|ResourceStatusReason|Description|ParameterValue|Message)>([^<]*)</g;
const JSON_TEXT =
  /"(message|description|name|agentRuntimeName|failureReason|stateReason|StateReason|Description|FunctionName)":"([^"]*)"/g;

/** The emulator with a mark in each text; below `/refuse` every call fails with one, as its service words errors. */
async function marked(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await buffer(incoming);
  const { method, headers, url = '/' } = incoming;
  if (url.startsWith('/refuse')) {
    const isQuery = headers['content-type']?.includes('form');
    const xml = `<ErrorResponse><Error><Type>Sender</Type><Code>Denied</Code><Message>${MARK}</Message></Error></ErrorResponse>`;
    response.writeHead(400, { 'content-type': isQuery ? 'text/xml' : 'application/json', 'x-amzn-errortype': 'Denied' });
    return void response.end(isQuery ? xml : JSON.stringify({ __type: 'Denied', message: MARK }));
  }
  const { hostname, port } = new URL(chain.emulator.url);
  const sent = request({ hostname, port, method, path: url, headers: { ...headers, host: `${hostname}:${port}` } });
  sent.end(body);
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  const text = (await buffer(answer)).toString('utf8');
  const isXml = answer.headers['content-type']?.includes('xml');
  const json = JSON.stringify(MARK).slice(1, -1);
  const changed = isXml
    ? text.replaceAll(XML_TEXT, (_, name: string, value: string) => `<${name}>${value}${MARK}<`)
    : text.replaceAll(JSON_TEXT, (_, name: string, value: string) => `"${name}":"${value}${json}"`);
  const { 'content-length': _, 'transfer-encoding': __, ...rest } = answer.headers;
  response.writeHead(answer.statusCode ?? 500, rest);
  response.end(url.startsWith('/_aws/') ? text : changed);
}

/** Runs the program on a pseudo-terminal. @returns what reached the terminal */
async function onTerminal(args: readonly string[], more: Record<string, string> = {}): Promise<string> {
  const program = spawnOnTerminal(args, 100, { ...env, ...more });
  await program.exit;
  return program.text.stdout;
}

/** Nothing of the mark acts. The program itself moves the cursor and sets colours, with other sequences. */
function expectTame(shown: string): void {
  const met = Object.entries(ATTACKS).flatMap(([name, sequence]) => (shown.includes(sequence) ? [name] : []));
  expect({ met, shown }).toEqual({ met: [], shown });
  // eslint-disable-next-line no-control-regex -- control characters are what it looks for
  expect(shown).not.toMatch(/[\u0007\u0080-\u009F\u202E]|\u001B(?!\[)/);
}

const INVOKE = ['text', 'tool', 'error', 'plain', 'json', 'refuse'].flatMap((prompt) => [
  ['invoke', prompt],
  ['invoke', '--raw', prompt],
  ['invoke', '--json', prompt],
]);
test.each(INVOKE)('%s %s', async (...args) => {
  const shown = await onTerminal([...args, '--url', chain.url]);
  if (!args.includes('refuse') && !args.includes('tool')) expect(shown).toContain('mark');
  expectTame(shown);
});

test.skipIf(!hasTmux)('chat: answers and their timeline', async () => {
  const chat = startInTmux(['chat', '--url', chain.url], { env });
  try {
    await chat.see(/> ?$/);
    for (const prompt of ['text', 'tool', 'error', 'refuse', 'after', '/timeline']) {
      chat.type(prompt);
      chat.press('Enter');
      await chat.see(new RegExp(`> ${prompt}\n[^]*\n> ?$`));
    }
    chat.press('C-d');
    await chat.see('[status');
    const shown = chat.output();
    expect(shown).toContain('mark');
    expectTame(shown);
  } finally {
    chat.close();
  }
});

test('bench, and forged reports in merge and compare', async () => {
  const json = (name: string) => join(folder, name);
  for (const prompt of ['text', 'tool', 'error', 'refuse']) {
    const args = ['bench', '--url', chain.url, '--prompt', prompt, '-n', '2', '--json'];
    expectTame(await onTerminal(args.slice(0, -1)));
    writeFileSync(json(`${prompt}.json`), (await runBin(args, env)).stdout);
  }
  const forge = (value: unknown): unknown => {
    if (typeof value === 'string') return `${value}${MARK}`;
    if (Array.isArray(value)) return value.map(forge);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, each]) => [name, ['type', 'hop', 'startedAt'].includes(name) ? each : forge(each)]),
    );
  };
  for (const name of ['text', 'error']) {
    const lines = readFileSync(json(`${name}.json`), 'utf8')
      .trim()
      .split('\n');
    const forged = lines.map((line) => JSON.stringify(forge(JSON.parse(line))));
    writeFileSync(json(`forged-${name}.json`), `${forged.join('\n')}\n`);
  }
  for (const [a, b] of [
    ['text', 'error'],
    ['forged-text', 'forged-error'],
  ])
    for (const command of ['merge', 'compare'])
      expectTame(await onTerminal(['bench', command, json(`${a}.json`), json(`${b}.json`)]));
});

test('dev: request lines, the log of the function and an agent that fails', async () => {
  const agent = await serve((incoming, response) => {
    response.writeHead(incoming.url === '/ping' ? 200 : 500, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ status: 'Healthy', error: MARK, message: MARK }));
  });
  const exec = `"${process.execPath}" "${BIN}" invoke "${MARK.replaceAll(/[^a-z]/g, '')}"`;
  const shown = await onTerminal(['dev', '--port', '0', '--agent', agent.url, '--exec', exec], { AWS_ENDPOINT_URL: '' });
  agent.server.close();
  expect(shown).toContain('mark');
  expectTame(shown);
});

test('pipes keep every byte, and JSON says the same without one that acts', async () => {
  const url = ['--url', chain.url];
  expect((await runBin(['invoke', 'plain', '--raw', ...url], env)).stdout).toContain(MARK);
  expect((await runBin(['invoke', 'plain', ...url], env)).stdout).toContain(MARK);
  const { stdout } = await runBin(['invoke', 'json', '--json', ...url], env);
  // eslint-disable-next-line no-control-regex -- control characters are what it looks for
  expect(stdout).not.toMatch(/[^\P{Cc}\n]|\p{Cf}/u);
  const parsed = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
  expect(JSON.stringify(parsed)).toContain(JSON.stringify(MARK).slice(1, -1));
});

test.each([
  ['status'],
  ['doctor', '--agent-arn', AGENT_ARN],
  ['logs', '--since', '1h'],
  ['deploy', '--yes', '--agent-arn', AGENT_ARN, '--skip-preflight'],
  ['destroy', '--yes'],
])('%s against AWS with a mark in its texts, and in its errors', async (...args) => {
  const credentials = { AWS_ACCESS_KEY_ID: 'another', AWS_SECRET_ACCESS_KEY: 'key' };
  const refused = await onTerminal(args, { ...credentials, AWS_ENDPOINT_URL: `${aws.url}/refuse` });
  expect(refused).toContain('mark');
  expectTame(refused);
  expectTame(await onTerminal(args, { ...credentials, AWS_ENDPOINT_URL: aws.url }));
});
