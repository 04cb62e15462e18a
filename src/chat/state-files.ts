import { parseJson } from '../agent-events/json-value.ts';
import { readStateFile, writeStateFile } from '../cli/state-folder.ts';

/** The chat's memory of a stack: prompts and last session. Readable only by the owner. */
export type ChatMemory = ReturnType<typeof openChatMemory>;

const MAX_PROMPTS = 1_000;

/**
 * Opens the files in the user's state folder. The chat works without them when they cannot be read or written.
 * @param name identifies the stack, for example `agentstream-us-east-1`; undefined to remember nothing: `--no-history`
 */
export function openChatMemory(name: string | undefined, env: NodeJS.ProcessEnv) {
  const read = (file: string): string => (name === undefined ? undefined : readStateFile(file, env)) ?? '';
  const write = (file: string, text: string): void => {
    if (name !== undefined) writeStateFile(file, text, env);
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
  const value = parseJson(line);
  return typeof value === 'string' ? [value] : [];
}
