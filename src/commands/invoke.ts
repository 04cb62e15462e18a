import type { Command } from 'commander';
import { isJsonObject, type JsonObject } from '../agent-events/json-value.ts';
import type { CommandContext } from '../cli/options.ts';
import { hint, UsageError } from '../cli/errors.ts';
import { readInputFile } from '../cli/files.ts';
import { addTurnFlags, checkSessionId, type TurnFlags } from '../chat/turn-flags.ts';
import type { Terminal } from '../ui/terminal.ts';

const EXAMPLES = `
Examples:
  agentstream invoke "What is the capital of France?"
  echo "Summarise this" | agentstream invoke --stats
  agentstream invoke --session ID "And of Italy?"     # the same conversation
  agentstream invoke --record turn.ndjson "hi"        # dev --agent replays it
  agentstream invoke --token-command ./token.sh "hi"  # for a user pool
  agentstream invoke --payload turn.json --header X-Tenant:acme
  agentstream invoke --local "hi"                     # with a running dev
`;

interface InvokeFlags extends TurnFlags {
  readonly payload?: string;
  readonly header?: Readonly<Record<string, string>>;
}

export function configure(command: Command, context: CommandContext): void {
  addTurnFlags(command.argument('[prompt]', 'what to ask; read from stdin when omitted').allowExcessArguments())
    .option('--payload <json>', 'JSON object to send, a file with one, or - for stdin; PROMPT and --session win over its members')
    .option('--header <name:value>', 'header to send, such as X-Tenant:acme; repeatable', parseHeader)
    .addHelpText('after', EXAMPLES)
    .action((prompt: string | undefined, flags: InvokeFlags) => invoke(prompt, command.args, flags, context));
}

async function invoke(prompt: string | undefined, words: readonly string[], flags: InvokeFlags, context: CommandContext) {
  if (words.length > 1) {
    throw new UsageError('INVALID_VALUE', `a prompt is one argument, not ${words.length}`, {
      hint: hint`quote it: ${['agentstream', 'invoke', words.join(' ')]}`,
    });
  }
  const { header: headers } = flags;
  const payload = flags.payload === undefined ? undefined : await readPayload(flags.payload, context.terminal);
  const ofPayload = payload?.members['session_id'] ?? headers?.['x-session-id'];
  const session = checkSessionId(flags.session ?? (typeof ofPayload === 'string' ? ofPayload : undefined));
  const { sendTurn } = await import('../chat/one-turn.ts');
  await sendTurn(
    { prompt: prompt ?? (payload ? '' : await readPrompt(context.terminal)), payload: payload?.text, headers },
    flags,
    session,
    context,
  );
}

async function readPrompt(terminal: Terminal): Promise<string> {
  if (!terminal.stdin.isTTY) return readStdin(terminal);
  throw new UsageError('MISSING_PROMPT', 'no prompt was given', { hint: hint`${['agentstream', 'invoke', 'Hello!']}` });
}

async function readStdin({ stdin }: Terminal): Promise<string> {
  const { text } = await import('node:stream/consumers');
  return text(stdin as never);
}

/** @param given a JSON object, a file with one, or `-` for stdin @throws {UsageError} INVALID_VALUE, CANNOT_READ */
async function readPayload(given: string, terminal: Terminal): Promise<{ readonly text: string; readonly members: JsonObject }> {
  const isJson = given.trimStart().startsWith('{');
  const text = isJson ? given : given === '-' ? await readStdin(terminal) : readInputFile(given);
  const place = isJson ? '' : given === '-' ? ' on stdin' : ` in ${given}`;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const { message } = cause as Error;
    throw new UsageError('INVALID_VALUE', `--payload takes a JSON object${place}: ${message}`, { cause });
  }
  if (isJsonObject(value)) return { text, members: value };
  throw new UsageError('INVALID_VALUE', `--payload takes a JSON object${place}, not ${text.trim().slice(0, 40)}`);
}

/** A header by name and value (RFC 9110, 5.1 and 5.5). */
function parseHeader(text: string, previous: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const [, name = '', value = ''] = /^([\w!#$%&'*+.^`|~-]+):[ \t]*([\t -~\u0080-\u00FF]*)$/.exec(text) ?? [];
  if (name !== '') return { ...previous, [name.toLowerCase()]: value.trimEnd() };
  throw new UsageError('INVALID_VALUE', `--header takes NAME:VALUE, not ${text}`);
}
