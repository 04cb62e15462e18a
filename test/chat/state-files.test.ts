import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openChatMemory } from '../../src/chat/state-files.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'agentstream-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (name = 'stack') => openChatMemory(name, { XDG_STATE_HOME: folder });

test('remembers prompts, newest first, and the session, for each stack apart', () => {
  open().saveHistory(['newest\nof two lines', 'oldest']);
  open().saveSessionId('an-id');
  expect(open().loadHistory()).toEqual(['newest\nof two lines', 'oldest']);
  expect(open().loadSessionId()).toBe('an-id');
  expect(open('other').loadHistory()).toEqual([]);
  expect(open('other').loadSessionId()).toBeUndefined();
});

test('nobody else may read it', () => {
  open().saveHistory(['secret']);
  const files = readdirSync(join(folder, 'agentstream'));
  expect(files).toEqual(['history-stack.ndjson']);
  expect(statSync(join(folder, 'agentstream', files[0] ?? '')).mode & 0o077).toBe(0);
});

test('a broken file, or a folder that cannot be written, is no reason to fail', () => {
  open().saveHistory(['good']);
  writeFileSync(join(folder, 'agentstream', 'history-stack.ndjson'), '"good"\n{broken\n7\n');
  expect(open().loadHistory()).toEqual(['good']);
  writeFileSync(join(folder, 'file'), '');
  const nowhere = openChatMemory('stack', { XDG_STATE_HOME: join(folder, 'file') });
  nowhere.saveHistory(['x']);
  expect(nowhere.loadHistory()).toEqual([]);
});
