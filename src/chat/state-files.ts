import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stateFolder } from '../cli/state-folder.ts';

/** The chat's memory of a stack: prompts and last session. Readable only by the owner. */
export type ChatMemory = ReturnType<typeof openChatMemory>;

const MAX_PROMPTS = 1_000;

/**
 * Opens the files in the user's state folder. The chat works without them when they cannot be read or written.
 * @param name identifies the stack, for example `agentstream-us-east-1`; undefined to remember nothing: `--no-history`
 */
export function openChatMemory(name: string | undefined, env: NodeJS.ProcessEnv) {
  const folder = name === undefined ? undefined : stateFolder(env);
  const read = (file: string): string => {
    try {
      return folder === undefined ? '' : readFileSync(join(folder, file), 'utf8');
    } catch {
      return '';
    }
  };
  const write = (file: string, text: string): void => {
    if (folder === undefined) return;
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      writeFileSync(join(folder, file), text, { mode: 0o600 });
    } catch {
      // The chat also works with a read-only home.
    }
  };
  return {
    /** Newest first. */
    loadHistory: (): readonly string[] => read(`history-${name}.ndjson`).split('\n').flatMap(parsePrompt).toReversed(),
    saveHistory(prompts: readonly string[]): void {
      const oldestFirst = prompts.slice(0, MAX_PROMPTS).toReversed();
      write(`history-${name}.ndjson`, oldestFirst.map((prompt) => `${JSON.stringify(prompt)}\n`).join(''));
    },
    loadSessionId: (): string | undefined => read(`session-${name}`).trim() || undefined,
    saveSessionId: (sessionId: string): void => write(`session-${name}`, `${sessionId}\n`),
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
