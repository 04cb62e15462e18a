import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { AwsError } from '../../src/emulator/index.ts';
import { parseRecordings } from '../../src/stream/parse-recording.ts';
import { startChain } from '../helpers/chain.ts';
import { BIN } from '../helpers/spawned.ts';
import { onTerminal, textEvent, useChat } from '../helpers/use-chat.ts';

const chats = useChat();

onTerminal('an error ends a turn, not the chat, and says what to do', async () => {
  chats.agent.on('fails', { status: 500, acts: [] });
  chats.agent.on('dies', { acts: [textEvent('half'), { die: true }] });
  chats.agent.on('busy', { answerAfter: () => Promise.reject(new AwsError('ThrottlingException', 429, 'no')), acts: [] });
  chats.agent.on('reports', { acts: [textEvent('a'), { write: 'event: error\ndata: {"error":"no more"}\n\n' }] });
  const chat = await chats.start();
  for (const [prompt, message] of [
    ['fails', /error: the endpoint answered 424: .*\nhint: /],
    ['busy', /trying again in\s2\.00 s\nerror: the endpoint answered 429: .*\nhint: wait a moment/],
    ['dies', /half\nerror: the agent reported an error: the agent broke off[^>]*\nhint: /],
    ['reports', /error: the agent reported an error: no more[^>]*\nhint: /],
  ] as const) {
    chat.type(prompt);
    chat.press('Enter');
    await chat.see(message);
  }
  chat.type('fine');
  chat.press('Enter');
  await chat.see(/> fine\nok\n/);
});

onTerminal('a dead endpoint ends a turn, and the chat goes on', async () => {
  const doomed = await startChain(chats.agent);
  const chat = await chats.start({ chain: doomed });
  await doomed.close();
  chat.type('anyone there?');
  chat.press('Enter');
  await chat.see(/error: no connection to the endpoint .*\nhint: check the URL/);
  chat.type('/exit');
  chat.press('Enter');
  await chat.see(/\[status 0\]/);
});

onTerminal('an idle cut ends a turn, and the chat goes on', async () => {
  // Longer than a cold start on a busy machine: the timer runs before the first byte, too.
  const limit = { REGIONAL: 3_000, PRIVATE: 3_000, EDGE: 3_000 };
  const strict = await startChain(chats.agent, { parameters: { HeartbeatMs: '0' }, apiGateway: { idleTimeoutMs: limit } });
  try {
    chats.agent.on('silent', { acts: [textEvent('and then'), { wait: new Promise(() => undefined) }] });
    const chat = await chats.start({ chain: strict });
    chat.type('silent');
    chat.press('Enter');
    await chat.see(/and then\nerror: the stream broke off before its end .*\nhint: no limit of AWS cuts a stream after/);
    chat.type('fine');
    chat.press('Enter');
    await chat.see(/> fine\nok\n/);
  } finally {
    await strict.close();
  }
});

onTerminal('/new, /session, /hop, /retry, /save and /bench do what they say', async () => {
  chats.agent.on('short', { acts: [textEvent('an answer')] });
  const folder = mkdtempSync(join(tmpdir(), 'agentstream-'));
  try {
    const chat = await chats.start();
    const run = (line: string): void => {
      chat.type(line);
      chat.press('Enter');
    };
    run('/retry');
    await chat.see('there is no turn yet');
    run('short');
    await chat.see(/an answer\nttfb .* in all\n/);
    run('/stats full');
    await chat.see(/\nfull\n/);
    for (const hop of ['lambda', 'agentcore', 'api']) {
      run(`/hop ${hop}`);
      await chat.see(`hop ${hop}\n`);
      run('/retry');
      await chat.see(new RegExp(`hop ${hop}\n> /retry\nan answer\nttfb [^>]* warm`));
    }
    run('/hop nowhere');
    await chat.see('not a hop: nowhere');
    run('/new');
    await chat.see(/session [0-9a-f-]{36} \(new\)\n> ?$/);
    run('/session short');
    await chat.see('not a session id: short');
    run(`/save ${folder}/chat.md`);
    await chat.see('saved 4 turns');
    run(`/save ${folder}/chat.md`);
    await chat.see('could not write');
    run(`/save ${folder}/chat.ndjson`);
    await chat.see(/saved 4 turns to .*ndjson/);
    run('/bench 2');
    await chat.see(/2\s+turns\s+in\s[^]*all\s+ok/);
    expect(readFileSync(join(folder, 'chat.md'), 'utf8')).toMatch(/^> short\n\nan answer\n/);
    const recordings = parseRecordings(readFileSync(join(folder, 'chat.ndjson'), 'utf8'));
    expect(recordings.map(({ header }) => header.transport)).toEqual(['api', 'lambda', 'agentcore', 'api']);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

onTerminal('an editor that fails costs nothing but the edit', async () => {
  const chat = await chats.start({ env: { EDITOR: 'exit 3; #' } });
  chat.type('/edit');
  chat.press('Enter');
  await chat.see(/error: the editor ended with status 3: .*\nhint: set EDITOR to an installed editor/);
  chat.type('fine');
  chat.press('Enter');
  await chat.see(/> fine\nok\n/);
});

onTerminal('/edit writes a prompt in the editor, and the last session is continued', async () => {
  const home = mkdtempSync(join(tmpdir(), 'agentstream-'));
  try {
    const env = { XDG_STATE_HOME: home, EDITOR: "printf 'written\\nin an editor' >" };
    const chat = await chats.start({ env });
    chat.type('/edit');
    chat.press('Enter');
    await chat.see(/ok\nttfb/);
    expect(chats.promptsSeen()).toContain('written\nin an editor');
    chat.press('C-d');
    await chat.see(/\[status 0\]/);
    const sessionId = /to continue: .*--session (\S+)/.exec(chat.screen())?.[1] ?? 'none';
    const again = await chats.start({ env, args: ['--continue'] });
    await again.see(`session ${sessionId} ·`);
    again.press('Up');
    await again.see(/> \/edit/);
  } finally {
    rmSync(home, { recursive: true });
  }
});

test('a reader that goes away ends a turn quietly, and the agent with it', async () => {
  chats.agent.on('unread', {
    acts: [
      textEvent('a'),
      { wait: () => sleep(300) },
      textEvent('b'),
      { wait: () => sleep(300) },
      textEvent('c'),
      { wait: new Promise(() => undefined) },
    ],
  });
  const command = `"${process.execPath}" "${BIN}" chat --stack-name chain | head -c 1`;
  const child = spawn('sh', ['-c', command], { env: { PATH: process.env['PATH'], ...chats.chain.env }, stdio: 'pipe' });
  let stderr = '';
  child.stderr.on('data', (part: Buffer) => (stderr += String(part)));
  child.stdin.end('unread');
  await once(child, 'close');
  expect(stderr).toBe('');
  await expect.poll(() => chats.agent.stopped).toContain('unread');
});
