import { hint, UsageError } from '../../cli/errors.ts';
import { readInputFile } from '../../cli/files.ts';
import { isJsonObject, parseJson } from '../../agent-events/json-value.ts';
import { parseRecordings } from '../../stream/parse-recording.ts';

/** One or more prompts that are sent one after another in one session. */
export type Conversation = readonly string[];

interface Line {
  readonly prompt: string;
  /** Lines of one conversation have the same; a line without one stands alone. */
  readonly conversation?: unknown;
}

/**
 * Reads `--prompts FILE`: a prompt a line, or a JSON object a line with `prompt` and perhaps `conversation`. Empty lines are left out.
 * @throws {UsageError} CANNOT_READ, INVALID_PROMPTS with the line that is wrong, or when there is none
 */
export function readPromptFile(path: string): Conversation[] {
  const lines = readInputFile(path)
    .split('\n')
    .flatMap((line, index) => (line.trim() === '' ? [] : [parseLine(line.trim(), `${path}, line ${index + 1}`)]));
  if (lines.length === 0) {
    throw new UsageError('INVALID_PROMPTS', `there is no prompt in ${path}`, {
      hint: 'a prompt a line, or {"prompt": "...", "conversation": "a"}',
    });
  }
  return group(lines);
}

/**
 * Reads `--replay FILE`, which `chat` and `invoke --record` write: its prompts again, those of one session as one conversation.
 * @throws {UsageError} CANNOT_READ, INVALID_RECORDING, NO_PROMPT when a recording does not know its prompt
 */
export function readReplayFile(path: string): Conversation[] {
  return group(
    parseRecordings(readInputFile(path)).map(({ header: { request } }, index) => {
      if (!request) {
        throw new UsageError('NO_PROMPT', `recording ${index + 1} of ${path} has no prompt`, {
          hint: hint`\`${['agentstream', 'invoke', '--record', 'FILE']}\` writes it down`,
        });
      }
      return { prompt: request.prompt, conversation: request.sessionId };
    }),
  );
}

function parseLine(line: string, where: string): Line {
  if (!line.startsWith('{')) return { prompt: line };
  const value = parseJson(line);
  if (!isJsonObject(value) || typeof value['prompt'] !== 'string' || value['prompt'] === '') {
    throw new UsageError('INVALID_PROMPTS', `not a prompt: ${where}`, {
      hint: 'a line that begins with { is a JSON object with a "prompt"',
    });
  }
  return { prompt: value['prompt'], conversation: value['conversation'] };
}

/** In the order of each conversation's first line. */
function group(lines: readonly Line[]): Conversation[] {
  const byKey = new Map<unknown, string[]>();
  for (const { prompt, conversation } of lines) {
    const key = conversation ?? Symbol('alone');
    const prompts = byKey.get(key) ?? [];
    prompts.push(prompt);
    byKey.set(key, prompts);
  }
  return [...byKey.values()];
}
