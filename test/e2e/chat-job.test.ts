import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect } from 'vitest';
import { createGate } from '../helpers/acting-agent.ts';
import { onTerminal, textEvent, useChat } from '../helpers/use-chat.ts';

const chats = useChat();
const home = mkdtempSync(join(tmpdir(), 'agentstream-'));
afterAll(() => rmSync(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));

onTerminal('Ctrl-Z gives the terminal back to the shell, and fg the prompt with what was typed', async () => {
  const chat = await chats.start({ asJob: true });
  chat.type('half');
  await chat.see(/> half$/);
  chat.press('C-z');
  await chat.see(/Stopped[^]*[$#] ?$/);
  chat.type('stty -a | grep -o "[ -]icanon"\r');
  await chat.see(/^ icanon$/m);
  chat.type('fg\r');
  await chat.see(/> half$/);
  chat.type(' and half\r');
  await chat.see(/> half and half\nok\n/);
  expect(chats.promptsSeen()).toContain('half and half');
});

onTerminal('Ctrl-Z while an answer streams stops the chat at once, and fg goes on with it', async () => {
  const gate = createGate();
  chats.agent.on('slow', { acts: [textEvent('one '), { wait: gate.promise }, textEvent('two')] });
  const chat = await chats.start({ asJob: true });
  chat.type('slow\r');
  await chat.see(/^one$/m);
  chat.press('C-z');
  await chat.see(/Stopped/);
  gate.open();
  chat.type('fg\r');
  await chat.see(/two\n+ttfb/);
  chat.type('next\r');
  await chat.see(/> next\nok\n/);
});

onTerminal('Ctrl-Z where no shell is above is no trap', async () => {
  const chat = await chats.start();
  chat.press('C-z');
  // Raw mode and bracketed paste are on again.
  await expect.poll(() => chat.output().split('\u001B[?2004h')).toHaveLength(3);
  chat.type('next\r');
  await chat.see(/> next\nok\n/);
});

onTerminal('a terminal that closes while an answer streams stops the agent, and the prompts are kept', async () => {
  chats.agent.on('closed', { acts: [textEvent('so far'), { wait: new Promise(() => undefined) }] });
  const chat = await chats.start({ asJob: true, args: ['--qualifier', 'prod'], env: { HOME: home } });
  chat.type('closed\r');
  await chat.see('so far');
  chat.close();
  await expect.poll(() => chats.agent.stopped).toContain('closed');
  const history = join(home, '.local', 'state', 'agentstream', 'history-local-chain-us-east-1.ndjson');
  await expect.poll(() => read(history)).toBe('"closed"\n');
});

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
