import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stateFolder } from '../cli/state-folder.ts';

/** The chat's memory of a stack: prompts and last session. Readable only by the owner. */
export interface ChatMemory {
  /** Newest first. */
  loadHistory(): readonly string[];
  saveHistory(prompts: readonly string[]): void;
  loadSessionId(): string | undefined;
  saveSessionId(sessionId: string): void;
}

const MAX_PROMPTS = 1_000;

/** A memory that forgets: `--no-history`. */
export const NO_MEMORY: ChatMemory = {
  loadHistory: () => [],
  saveHistory: () => undefined,
  loadSessionId: () => undefined,
  saveSessionId: () => undefined,
};

/**
 * Opens the files in the user's state folder. The chat works without them when they cannot be read or written.
 * @param name identifies the stack, for example `agentstream-us-east-1`
 */
export function openChatMemory(name: string, env: NodeJS.ProcessEnv): ChatMemory {
  const folder = stateFolder(env);
  if (folder === undefined) return NO_MEMORY;
  const historyFile = join(folder, `history-${name}.ndjson`);
  const sessionFile = join(folder, `session-${name}`);
  const read = (file: string): string => {
    try {
      return readFileSync(file, 'utf8');
    } catch {
      return '';
    }
  };
  const write = (file: string, text: string): void => {
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      writeFileSync(file, text, { mode: 0o600 });
    } catch {
      // The chat also works with a read-only home.
    }
  };
  return {
    loadHistory: () => read(historyFile).split('\n').flatMap(parsePrompt).toReversed(),
    saveHistory(prompts) {
      const oldestFirst = prompts.slice(0, MAX_PROMPTS).toReversed();
      write(historyFile, oldestFirst.map((prompt) => `${JSON.stringify(prompt)}\n`).join(''));
    },
    loadSessionId: () => read(sessionFile).trim() || undefined,
    saveSessionId: (sessionId) => write(sessionFile, `${sessionId}\n`),
  };
}

function parsePrompt(line: string): string[] {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'string' ? [value] : [];
  } catch {
    return [];
  }
}
