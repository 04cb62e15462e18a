import { expect, test } from 'vitest';
import { createTurnView, describeWaiting, type Waiting } from '../../src/chat/turn-view.ts';
import { createMemoryTerminal } from '../helpers/memory-terminal.ts';

const waiting: Waiting = {
  phase: 'streaming',
  silentMs: 4_200,
  idleMs: 4_200,
  idleLimitMs: 300_000,
  tool: undefined,
  heartbeats: 0,
};

test.each([
  [{ phase: 'sent', silentMs: 900 }, 'sent, waiting for the agent 0 s'],
  [{ phase: 'accepted' }, 'accepted, waiting for the agent 4 s'],
  [{}, 'waiting for more 4 s'],
  [{ tool: { name: 'search', runningMs: 12_900 } }, 'tool search running 12 s'],
  [{ heartbeats: 1 }, 'waiting for more 4 s · 1 heartbeat'],
  [{ silentMs: 40_000, idleMs: 25_000 }, 'waiting for more 40 s · silent for 25 s, the idle limit cuts in 4 min 35 s'],
  [{ silentMs: 40_000, idleMs: 5_000, heartbeats: 3 }, 'waiting for more 40 s · 3 heartbeats'],
  [{ silentMs: 40_000, idleMs: 40_000, idleLimitMs: undefined }, 'waiting for more 40 s'],
] as const)('%j', (change, text) => {
  expect(describeWaiting({ ...waiting, ...change })).toBe(text);
});

test('what an agent writes cannot move the cursor or turn the direction of writing', () => {
  const terminal = createMemoryTerminal();
  const view = createTurnView(terminal, { raw: false, showEvents: true, idleLimitMs: undefined });
  view.onEvent({ type: 'text-delta', text: 'a\u001B[2Jb\u202Ec\r\n👩\u200D💻\n' });
  view.onEvent({ type: 'data', event: 'x\u001B]0;title\u0007', data: 'y\u009B2J' });
  view.end(false);
  expect(terminal.text.stdout).toBe('a\uFFFD[2Jb\uFFFDc\n👩\u200D💻\n');
  expect(terminal.text.stderr.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
});

test('an answer that goes into a pipe stays as the agent wrote it', () => {
  const terminal = createMemoryTerminal();
  const view = createTurnView(terminal, { raw: false, showEvents: false, idleLimitMs: undefined });
  const answer = `# Title\n- **a** list of ${'many words '.repeat(20)}\n| a |\n|---|\n`;
  for (const text of answer.match(/[^]{1,7}/g) ?? []) view.onEvent({ type: 'text-delta', text });
  view.end(false);
  expect(terminal.text.stdout).toBe(answer);
});
