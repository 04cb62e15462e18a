import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { createGate } from '../helpers/acting-agent.ts';
import { onTerminal, textEvent, useChat } from '../helpers/use-chat.ts';

const chats = useChat();

onTerminal('a prompt, its answer with styles, and the timing of the turn', async () => {
  chats.agent.on('typed', { acts: [textEvent('# Title\n'), textEvent('some **strong** words')] });
  const chat = await chats.start();
  chat.type('typed');
  chat.press('Enter');
  await chat.see(/# Title\nsome strong words\nttfb .* · longest silence .* in all\n\n> ?$/);
  chat.type('/stats full');
  chat.press('Enter');
  await chat.see(/\nfull\n> ?$/);
  expect(chat.output()).toContain('\u001B[1mstrong\u001B[22m');
  chat.type('again');
  chat.press('Enter');
  await chat.see(/session \w{8} warm/);
  chat.press('C-d');
  await chat.see(/to continue: agentstream chat --stack-name chain --region us-east-1 --session [0-9a-f-]{36}\n\[status 0\]/);
});

onTerminal('a pasted block of three lines is one prompt, and Alt+Enter makes a line', async () => {
  const chat = await chats.start();
  chat.paste('first\nsecond\nthird');
  await chat.see(/first↵\u200B?second↵\u200B?third/);
  chat.press('M-Enter');
  chat.type('fourth');
  chat.press('Enter');
  await chat.see(/ in all\n\n> ?$/);
  expect(chats.promptsSeen()).toContain('first\nsecond\nthird\nfourth');
});

onTerminal('Ctrl-C stops the answer and the agent, keeps what has come, and the chat goes on', async () => {
  chats.agent.on('endless', { acts: [textEvent('so far'), { wait: new Promise(() => undefined) }] });
  // An endpoint of its own: elsewhere there is no such session to stop.
  const chat = await chats.start({ args: ['--qualifier', 'prod'] });
  chat.type('endless');
  chat.press('Enter');
  await chat.see('so far');
  chat.press('C-c');
  await chat.see(/so far \[stopped\]/);
  await expect.poll(() => chats.agent.stopped).toContain('endless');
  chat.type('next');
  chat.press('Enter');
  await chat.see(/> next\nok\n/);
});

onTerminal('lines that come at once are prompts one after another', async () => {
  const chat = await chats.start();
  chat.type('one\rtwo\rthr');
  await chat.see(/> ?(one\n)?[^]*ok\nttfb[^]*ok\nttfb[^]*> thr$/);
  chat.type('ee\r');
  await chat.see(/> three\nok\n/);
  expect(chats.promptsSeen().slice(-3)).toEqual(['one', 'two', 'three']);
});

onTerminal('Ctrl-C on an empty prompt says how to leave, and twice leaves', async () => {
  const chat = await chats.start();
  chat.type('unsent');
  chat.press('C-c');
  await chat.see(/unsent\n> ?$/);
  chat.press('C-c');
  await chat.see(/Ctrl-C again, Ctrl-D or \/exit leaves/);
  chat.press('C-c');
  await chat.see(/\[status 0\]/);
  expect(chats.promptsSeen()).not.toContain('unsent');
});

onTerminal('an answer of 2,000 tokens, resized while it streams, moves no cursor up and is whole', async () => {
  const gate = createGate();
  const words = Array.from({ length: 2_000 }, (_, index) => `word${index}${index % 40 === 39 ? '\n' : ' '}`);
  chats.agent.on('long', {
    acts: [...words.slice(0, 1_000).map(textEvent), { wait: gate.promise }, ...words.slice(1_000).map(textEvent)],
  });
  const chat = await chats.start();
  chat.type('long');
  chat.press('Enter');
  await chat.see('word999');
  chat.resize(60, 30);
  gate.open();
  await chat.see(/word1999\n/);
  await chat.see(/ in all\n\n> ?$/);
  const answer = chat.output().split('word0 ')[1]?.split('ttfb')[0] ?? '';
  expect(answer).toContain('word1999');
  // eslint-disable-next-line no-control-regex
  expect(answer).not.toMatch(/\u001B\[\d*[AFHJ]|\u001B7|\u001B8/);
});

onTerminal('/timeline draws the last turn, /events shows what is no text, /help lists the commands', async () => {
  const tool = (body: object) => ({ write: `data: ${JSON.stringify({ event: body })}\n\n` });
  chats.agent.on('tools', {
    acts: [
      textEvent('let me look '),
      { wait: () => sleep(300) },
      tool({ contentBlockStart: { contentBlockIndex: 1, start: { toolUse: { toolUseId: 't1', name: 'search' } } } }),
      { wait: () => sleep(300) },
      tool({ contentBlockStop: { contentBlockIndex: 1 } }),
      textEvent('found it'),
    ],
  });
  const chat = await chats.start();
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

onTerminal('NO_COLOR: no colour anywhere', async () => {
  chats.agent.on('plain', { acts: [textEvent('**strong** `code`')] });
  const chat = await chats.start({ env: { NO_COLOR: '1' } });
  chat.type('plain');
  chat.press('Enter');
  await chat.see(/strong code\nttfb/);
  // eslint-disable-next-line no-control-regex
  expect(chat.output()).not.toMatch(/\u001B\[\d+(;\d+)*m/);
});

onTerminal('40 columns, CJK and emoji', async () => {
  chats.agent.on('日本語で 🎈', {
    acts: [textEvent('漢字とかな 🎈 の答え。\n\n| 名前 | 値 |\n|---|---|\n| 犬 | 🐕 |\n| cat | x |\n')],
  });
  const chat = await chats.start({ columns: 40 });
  chat.type('日本語で 🎈');
  chat.press('Enter');
  await chat.see('漢字とかな 🎈 の答え。');
  await chat.see(/名前 │ 値\n─────┼───\n犬 {3}│ 🐕\ncat {2}│ x\n/);
  chat.type('/timeline');
  chat.press('Enter');
  await chat.see(/lasting/);
  for (const line of chat.screen().split('\n')) expect(line.length).toBeLessThanOrEqual(160);
});

onTerminal('a block between three quotes is one prompt, and Up brings back the last line', async () => {
  const chat = await chats.start({ env: { XDG_STATE_HOME: '/nonexistent/but/harmless' } });
  chat.type('"""');
  chat.press('Enter');
  chat.type('in a');
  chat.press('Enter');
  chat.type('block"""');
  chat.press('Enter');
  await chat.see(/ in all\n\n> ?$/);
  expect(chats.promptsSeen()).toContain('in a\nblock');
  chat.press('Up');
  await chat.see(/> block"""$/);
});

onTerminal('Ctrl-R finds an earlier prompt, Tab completes, and keys typed during an answer are kept', async () => {
  const gate = createGate();
  chats.agent.on('a long answer', { acts: [textEvent('so far '), { wait: gate.promise }, textEvent('and done')] });
  const chat = await chats.start();
  chat.type('a long answer');
  chat.press('Enter');
  await chat.see('so far');
  chat.type('next one');
  gate.open();
  await chat.see(/so far and done\n[^>]* in all\n\n> next one$/);
  chat.press('C-u', 'C-r');
  chat.type('long');
  await chat.see(/\(search: long\) a long answer$/);
  chat.press('Enter');
  await chat.see(/> a long answer\nso far and done\n[^>]* in all\n\n> ?$/);
  chat.type('/hop l');
  chat.press('Tab');
  await chat.see(/> \/hop lambda$/);
  chat.press('Enter');
  await chat.see(/> \/hop lambda\nhop lambda\n> ?$/);
  // Both keys in one read.
  chat.type('/hop ag\t\r');
  await chat.see(/> \/hop agentcore\nhop agentcore\n> ?$/);
});
