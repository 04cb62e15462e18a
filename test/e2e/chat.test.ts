import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { AwsError } from '../../src/emulator/index.ts';
import { type ActingAgent, createActingAgent, createGate } from '../helpers/acting-agent.ts';
import { type Chain, startChain } from '../helpers/chain.ts';
import { hasTmux, startInTmux, type TmuxSession } from '../helpers/tmux.ts';

let agent: ActingAgent;
let chain: Chain;
const open = new Set<TmuxSession>();

beforeAll(async () => {
  agent = createActingAgent();
  chain = await startChain(agent, { parameters: { HeartbeatMs: '0' } });
});
afterAll(() => chain.close());
afterEach(() => {
  for (const session of open) session.close();
  open.clear();
});

const startChat = async (
  options: { columns?: number; rows?: number; env?: Record<string, string>; args?: string[] } = {},
): Promise<TmuxSession> => {
  const session = startInTmux(['chat', '--stack-name', 'chain', ...(options.args ?? [])], {
    ...options,
    env: { ...chain.env, ...options.env },
  });
  open.add(session);
  await session.see(/Ctrl-D leaves\n> ?$/);
  return session;
};
const event = (text: string) => ({ write: `data: ${JSON.stringify(text)}\n\n` });
const promptsSeen = (): string[] =>
  agent.invocations.map(
    ({ payload }) => (JSON.parse(String(payload)) as { prompt: string }).prompt,
  );

const it = test.skipIf(!hasTmux);

it('a prompt, its answer with styles, and the timing of the turn', async () => {
  agent.on('typed', { acts: [event('# Title\n'), event('some **strong** words')] });
  const chat = await startChat();
  chat.type('typed');
  chat.press('Enter');
  await chat.see(/# Title\nsome strong words\nttfb .* session \w{8} new.*\n> ?$/);
  expect(chat.output()).toContain('\u001B[1mstrong\u001B[22m');
  chat.type('again');
  chat.press('Enter');
  await chat.see(/session \w{8} warm/);
  chat.press('C-d');
  await chat.see(
    /to go on: agentstream chat --stack-name chain --session [0-9a-f-]{36}\n\[status 0\]/,
  );
});

it('a pasted block of three lines is one prompt, and Alt+Enter makes a line', async () => {
  const chat = await startChat();
  chat.paste('first\nsecond\nthird');
  await chat.see(/first↵\u200B?second↵\u200B?third/);
  chat.press('M-Enter');
  chat.type('fourth');
  chat.press('Enter');
  await chat.see(/session \w{8} new/);
  expect(promptsSeen()).toContain('first\nsecond\nthird\nfourth');
});

it('Ctrl-C stops the answer and the agent, keeps what has come, and the chat goes on', async () => {
  agent.on('endless', { acts: [event('so far'), { wait: new Promise(() => undefined) }] });
  const chat = await startChat();
  chat.type('endless');
  chat.press('Enter');
  await chat.see('so far');
  chat.press('C-c');
  await chat.see(/so far \[stopped\]/);
  await expect.poll(() => agent.stopped).toContain('endless');
  chat.type('next');
  chat.press('Enter');
  await chat.see(/> next\nok\n/);
});

it('Ctrl-C on an empty prompt says how to leave, and twice leaves', async () => {
  const chat = await startChat();
  chat.type('unsent');
  chat.press('C-c');
  await chat.see(/unsent\n> ?$/);
  chat.press('C-c');
  await chat.see(/Ctrl-C again, Ctrl-D or \/exit leaves/);
  chat.press('C-c');
  await chat.see(/\[status 0\]/);
  expect(promptsSeen()).not.toContain('unsent');
});

it('an answer of 2,000 tokens, resized while it streams, moves no cursor up and is whole', async () => {
  const gate = createGate();
  const words = Array.from(
    { length: 2_000 },
    (_, index) => `word${index}${index % 40 === 39 ? '\n' : ' '}`,
  );
  agent.on('long', {
    acts: [
      ...words.slice(0, 1_000).map(event),
      { wait: gate.promise },
      ...words.slice(1_000).map(event),
    ],
  });
  const chat = await startChat();
  chat.type('long');
  chat.press('Enter');
  await chat.see('word999');
  chat.resize(60, 30);
  gate.open();
  await chat.see(/word1999\n/);
  await chat.see(/session \w{8} new/);
  const answer = chat.output().split('word0 ')[1]?.split('ttfb')[0] ?? '';
  expect(answer).toContain('word1999');
  // eslint-disable-next-line no-control-regex
  expect(answer).not.toMatch(/\u001B\[\d*[AFHJ]|\u001B7|\u001B8/);
});

it('/timeline draws the last turn, /events shows what is no text, /help lists the commands', async () => {
  const tool = (body: object) => ({ write: `data: ${JSON.stringify({ event: body })}\n\n` });
  agent.on('tools', {
    acts: [
      event('let me look '),
      { wait: () => sleep(300) },
      tool({
        contentBlockStart: {
          contentBlockIndex: 1,
          start: { toolUse: { toolUseId: 't1', name: 'search' } },
        },
      }),
      { wait: () => sleep(300) },
      tool({ contentBlockStop: { contentBlockIndex: 1 } }),
      event('found it'),
    ],
  });
  const chat = await startChat();
  chat.type('/ev');
  chat.press('Tab');
  chat.press('Enter');
  await chat.see(/> \/events\non/);
  chat.type('tools');
  chat.press('Enter');
  await chat.see(/· tool-start search/);
  await chat.see(/found it\nttfb/);
  chat.type('/timeline');
  chat.press('Enter');
  await chat.see(/tool search +█+/);
  await chat.see(/silence +·+/);
  chat.type('/help');
  chat.press('Enter');
  await chat.see(/\/hop api\|lambda\|agentcore/);
  chat.type('/nonsense');
  chat.press('Enter');
  await chat.see(/no such command: \/nonsense/);
});

it('NO_COLOR: no colour anywhere', async () => {
  agent.on('plain', { acts: [event('**strong** `code`')] });
  const chat = await startChat({ env: { NO_COLOR: '1' } });
  chat.type('plain');
  chat.press('Enter');
  await chat.see(/strong code\nttfb/);
  // eslint-disable-next-line no-control-regex
  expect(chat.output()).not.toMatch(/\u001B\[\d+(;\d+)*m/);
});

it('40 columns, CJK and emoji', async () => {
  agent.on('日本語で 🎈', {
    acts: [event('漢字とかな 🎈 の答え。\n\n| 名前 | 値 |\n|---|---|\n| 犬 | 🐕 |\n| cat | x |\n')],
  });
  const chat = await startChat({ columns: 40 });
  chat.type('日本語で 🎈');
  chat.press('Enter');
  await chat.see('漢字とかな 🎈 の答え。');
  await chat.see(/名前 │ 値\n─────┼───\n犬 {3}│ 🐕\ncat {2}│ x\n/);
  chat.type('/timeline');
  chat.press('Enter');
  await chat.see(/lasting/);
  for (const line of chat.screen().split('\n')) expect(line.length).toBeLessThanOrEqual(160);
});

it('an error ends a turn, not the chat, and says what to do', async () => {
  agent.on('fails', { status: 500, acts: [] });
  agent.on('dies', { acts: [event('half'), { die: true }] });
  agent.on('busy', {
    answerAfter: () => Promise.reject(new AwsError('ThrottlingException', 429, 'no')),
    acts: [],
  });
  agent.on('reports', {
    acts: [event('a'), { write: 'event: error\ndata: {"error":"no more"}\n\n' }],
  });
  const chat = await startChat();
  for (const [prompt, message] of [
    ['fails', /error: the endpoint answered 424: .*\nhint: /],
    ['busy', /trying again in 2\.00 s\nerror: the endpoint answered 429: .*\nhint: wait a moment/],
    ['dies', /half\nerror: the agent reported an error: the agent broke off.*\nhint: /],
    ['reports', /error: the agent reported an error: no more.*\nhint: /],
  ] as const) {
    chat.type(prompt);
    chat.press('Enter');
    await chat.see(message);
  }
  chat.type('fine');
  chat.press('Enter');
  await chat.see(/> fine\nok\n/);
});

it('a dead endpoint ends a turn, and the chat goes on', async () => {
  const doomed = await startChain(agent);
  const chat = startInTmux(['chat', '--stack-name', 'chain'], { env: doomed.env });
  open.add(chat);
  await chat.see(/Ctrl-D leaves\n> ?$/);
  await doomed.close();
  chat.type('anyone there?');
  chat.press('Enter');
  await chat.see(/error: no connection to the endpoint .*\nhint: check the URL/);
  chat.type('/exit');
  chat.press('Enter');
  await chat.see(/\[status 0\]/);
});

it('prompts are remembered, and a session is continued', async () => {
  const chat = await startChat({ env: { XDG_STATE_HOME: '/nonexistent/but/harmless' } });
  chat.type('"""');
  chat.press('Enter');
  chat.type('in a');
  chat.press('Enter');
  chat.type('block"""');
  chat.press('Enter');
  await chat.see(/session \w{8} new/);
  expect(promptsSeen()).toContain('in a\nblock');
  chat.press('Up');
  await chat.see(/> block"""$/);
});
