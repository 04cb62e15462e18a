import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPromptFile, readReplayFile } from '../../../src/bench/run/conversations.ts';
import { createRecorder } from '../../../src/stream/recording.ts';

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'agentstream-'))));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe('readPromptFile', () => {
  it('takes each line as a conversation of one prompt', () => {
    expect(readPromptFile(file('plain', 'one\n\n  two words  \r\nthree'))).toEqual([['one'], ['two words'], ['three']]);
  });

  it('puts the lines of one conversation together, wherever they stand', () => {
    const text = [
      '{"prompt":"a1","conversation":"a"}',
      '{"prompt":"alone"}',
      '{"prompt":"b1","conversation":2}',
      'plain',
      '{"prompt":"a2","conversation":"a"}',
    ].join('\n');
    expect(readPromptFile(file('ndjson', text))).toEqual([['a1', 'a2'], ['alone'], ['b1'], ['plain']]);
  });

  it.each([
    ['an empty file', '\n \n', 'there is no prompt'],
    ['broken JSON', 'fine\n{"prompt":', 'line 2'],
    ['an object without a prompt', '{"text":"x"}', 'line 1'],
    ['an empty prompt', '{"prompt":""}', 'line 1'],
  ])('refuses %s', (_what, text, message) => {
    expect(() => readPromptFile(file('bad', text))).toThrow(message);
  });

  it('says which file cannot be read', () => {
    expect(() => readPromptFile(join(folder, 'nowhere'))).toThrow('nowhere');
  });
});

describe('readReplayFile', () => {
  const recording = (request?: { prompt: string; sessionId: string }): string => {
    let text = '';
    const recorder = createRecorder(
      { version: 1, startedAt: '2026-01-01T00:00:00Z', transport: 'api', ...(request && { request }) },
      (line) => (text += line),
    );
    recorder.push({ type: 'sent', at: 0 });
    recorder.finish(1, 'reset');
    return text;
  };

  it('gives the prompts of each session as a conversation', () => {
    const text = ['hello/1', 'other/2', 'and then/1'].map((name) => {
      const [prompt = '', sessionId = ''] = name.split('/');
      return recording({ prompt, sessionId });
    });
    expect(readReplayFile(file('recording', text.join('')))).toEqual([['hello', 'and then'], ['other']]);
  });

  it('refuses a recording that does not know its prompt', () => {
    expect(() => readReplayFile(file('nameless', recording()))).toThrow('recording 1');
  });
});
