import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { OperationError } from '../../src/cli/errors.ts';
import { openLineFile, openRecordFile } from '../../src/cli/files.ts';
import { stateFolder } from '../../src/cli/state-folder.ts';

let folder: string;
let context: { losses: OperationError[] };
beforeEach(() => {
  context = { losses: [] };
  folder = mkdtempSync(join(tmpdir(), 'agentstream-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  [{ XDG_STATE_HOME: '/state', LOCALAPPDATA: '/local', HOME: '/home/me' }, '/state/agentstream'],
  [{ LOCALAPPDATA: '/local', HOME: '/home/me' }, '/local/agentstream'],
  [{ HOME: '/home/me' }, '/home/me/.local/state/agentstream'],
  [{ XDG_STATE_HOME: '', HOME: '/home/me' }, '/home/me/.local/state/agentstream'],
  [{ XDG_STATE_HOME: 'state', HOME: '/home/me' }, '/home/me/.local/state/agentstream'],
  [{ XDG_STATE_HOME: '' }, undefined],
  [{}, undefined],
])('the state of %j is in %s', (env, path) => {
  expect(stateFolder(env)).toBe(path);
});

test('recordings are added to those of the file, which is private; other lines begin it anew', () => {
  const path = join(folder, 'lines');
  for (const line of ['a', 'b\n']) {
    const file = openRecordFile(path, context);
    file.write(line);
    file.close();
  }
  expect(readFileSync(path, 'utf8')).toBe('a\nb\n');
  expect(statSync(path).mode & 0o077).toBe(0);
  chmodSync(path, 0o644);
  openRecordFile(path, context).close();
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const file = openLineFile(path, context);
  file.write('c');
  file.close();
  expect(readFileSync(path, 'utf8')).toBe('c\n');
});

test('a file that cannot be written says which, also after it was opened', () => {
  writeFileSync(join(folder, 'file'), '');
  expect(() => openLineFile(join(folder, 'file', 'below'), context)).toThrow(
    expect.objectContaining({ code: 'CANNOT_WRITE', message: expect.stringMatching(/^could not write .*below/) }),
  );
  const file = openRecordFile(join(folder, 'lines'), context);
  file.close();
  // Once, at the end of the command: what it does is worth more than the file.
  file.write('x');
  file.write('y');
  expect(context.losses.map(({ message }) => message)).toEqual([expect.stringMatching(/^could not write .*lines/)]);
});
