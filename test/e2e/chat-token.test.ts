import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { REGION, startChain } from '../helpers/chain.ts';
import { onTerminal, useChat } from '../helpers/use-chat.ts';

const POOL = `arn:aws:cognito-idp:${REGION}:000000000000:userpool/${REGION}_Test00001`;

const chats = useChat();

onTerminal('a token that ends within a chat costs neither the turn nor the session', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'agentstream-chat-token-'));
  const chain = await startChain(chats.agent, {
    userPools: [POOL],
    parameters: { AuthMode: 'cognito', UserPoolArn: POOL, SessionScope: 'caller' },
  });
  try {
    const file = join(folder, 'token');
    // So near its end that the command is asked at each turn.
    const exp = Math.floor(Date.now() / 1_000) + 45;
    writeFileSync(file, await chain.emulator.issueToken(POOL, { sub: 'ada', exp }));
    // Gives an old token once, when there is one.
    const script = join(folder, 'give.sh');
    writeFileSync(script, `cd '${folder}' && if mv token.old token.used 2>/dev/null; then cat token.used; else cat token; fi`);
    const args = ['--token-command', `sh ${script}`];
    const chat = await chats.start({ chain, args });
    chat.type('first');
    chat.press('Enter');
    await chat.see(/> first\nok\n/);
    const ended = await chain.emulator.issueToken(POOL, { sub: 'ada', exp: exp - 3_600 });
    writeFileSync(`${file}.old`, ended);
    chat.type('second');
    chat.press('Enter');
    await chat.see(/> second\nok\n/);
    const sessions = chats.agent.invocations.map(({ sessionId }) => sessionId);
    expect(sessions).toHaveLength(2);
    expect(sessions[1]).toBe(sessions[0]);
    const statuses = chain.events.flatMap((event) => (event.type === 'endpoint-request' ? [event.status] : []));
    expect(statuses).toEqual([200, 401, 200]);
    chat.type('/exit');
    chat.press('Enter');
    await chat.see(/--token-command .*--session \S+/);
    expect(chat.output()).not.toContain(ended);
  } finally {
    await chain.close();
    rmSync(folder, { recursive: true });
  }
});
