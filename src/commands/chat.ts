import type { Command } from 'commander';
import { randomUUID } from 'node:crypto';
import { text as readAll } from 'node:stream/consumers';
import { ChatSession } from '../chat/chat-session.ts';
import { runOneTurn } from '../chat/one-turn.ts';
import { runChat } from '../chat/run-chat.ts';
import { type ChatMemory, NO_MEMORY, openChatMemory } from '../chat/state-files.ts';
import type { CommandContext } from '../context.ts';
import { UsageError } from '../errors.ts';
import { openTransport } from '../hops.ts';
import { DEFAULT_STACK_NAME, readAccess, readEndpointQuery } from '../options.ts';
import { openRecordFile } from '../record-file.ts';
import { addTurnFlags, readSessionFlag, type TurnFlags } from '../turn-flags.ts';

interface Flags extends TurnFlags {
  readonly continue?: boolean;
  readonly history: boolean;
}

const EXAMPLES = `
Examples:
  agentstream chat
  agentstream chat --continue            # go on where the last chat ended
  agentstream chat --hop agentcore       # the same agent without API Gateway and Lambda
  echo hi | agentstream chat             # one turn: the answer alone on stdout
  agentstream chat --local               # with a running agentstream dev
`;

export function configure(command: Command, context: CommandContext): void {
  addTurnFlags(command)
    .option('--continue', 'go on with the last session of this stack')
    .option('--no-history', 'remember neither prompts nor the session')
    .addHelpText('after', EXAMPLES)
    .action((flags: Flags) => chat(flags, context));
}

async function chat(flags: Flags, { terminal, signal }: CommandContext): Promise<void> {
  const { env } = terminal;
  const access = readAccess(flags, env);
  const query = readEndpointQuery(flags, env);
  const hop = flags.hop ?? 'api';
  const memory = flags.history ? openChatMemory(memoryName(query, access.region), env) : NO_MEMORY;
  const given = readSessionFlag(flags) ?? (flags.continue ? lastSession(memory) : undefined);
  const interactive = terminal.stdin.isTTY && terminal.stderr.isTTY && !flags.json;
  const prompt = interactive ? '' : await readAll(terminal.stdin as never);
  if (!interactive && prompt.trim() === '')
    throw new UsageError('EMPTY_PROMPT', 'the prompt is empty');

  const connection = await openTransport(hop, query, access);
  const record = flags.record === undefined ? undefined : openRecordFile(flags.record);
  try {
    if (!interactive) {
      await runOneTurn({
        terminal,
        signal,
        connection,
        hop,
        prompt,
        sessionId: given ?? randomUUID(),
        isNewSession: given === undefined,
        qualifier: flags.qualifier,
        raw: flags.raw === true,
        json: flags.json === true,
        stats: flags.stats === true,
        record: record?.write,
      });
      return;
    }
    const session = new ChatSession({
      terminal,
      open: (next) => openTransport(next, query, access),
      connection,
      hop,
      sessionId: given,
      qualifier: flags.qualifier,
      settings: { raw: flags.raw === true, showEvents: false, showStats: true },
      record: record?.write,
    });
    try {
      await runChat({
        terminal,
        session,
        memory,
        signal,
        resumeCommand: (id) => resumeCommand(flags, id),
      });
    } finally {
      await session.connection.close();
    }
  } finally {
    record?.close();
    await connection.close();
  }
}

function lastSession(memory: ChatMemory): string {
  const sessionId = memory.loadSessionId();
  if (sessionId) return sessionId;
  throw new UsageError('NO_SESSION', 'there is no earlier session to continue', {
    hint: 'sessions are remembered for each stack, unless --no-history is given; --session ID names one',
  });
}

/** Tells stacks apart in file names. */
function memoryName(
  query: { readonly stackName: string; readonly url?: string | undefined },
  region: string | undefined,
): string {
  const name =
    query.url === undefined ? `${query.stackName}-${region ?? 'default'}` : new URL(query.url).host;
  return name.replaceAll(/[^\w.-]/g, '_');
}

function resumeCommand(flags: Flags, sessionId: string): string {
  return [
    'agentstream chat',
    ...(flags.local ? ['--local'] : []),
    ...(flags.stackName && flags.stackName !== DEFAULT_STACK_NAME
      ? ['--stack-name', flags.stackName]
      : []),
    ...(flags.region ? ['--region', flags.region] : []),
    ...(flags.url ? ['--url', flags.url] : []),
    '--session',
    sessionId,
  ].join(' ');
}
