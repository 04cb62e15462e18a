import { resolveAwsAccess } from '../aws/aws-access.ts';
import type { Command } from 'commander';
import { text as readAll } from 'node:stream/consumers';
import { ChatSession } from '../chat/chat-session.ts';
import { runChat } from '../chat/run-chat.ts';
import { type ChatMemory, NO_MEMORY, openChatMemory } from '../chat/state-files.ts';
import type { CommandContext } from '../cli/context.ts';
import { UsageError } from '../cli/errors.ts';
import { createOpener } from '../endpoint/connection.ts';
import { DEFAULT_STACK_NAME, readEndpointQuery } from '../cli/options.ts';
import { openRecordFile } from '../cli/record-file.ts';
import { sendTurn } from '../chat/send-turn.ts';
import { shellWord } from '../ui/shell-word.ts';
import { addTurnFlags, readSessionFlag, type TurnFlags } from '../endpoint/turn-flags.ts';

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

async function chat(flags: Flags, context: CommandContext): Promise<void> {
  const { terminal, signal } = context;
  const access = resolveAwsAccess(flags, terminal.env);
  const query = readEndpointQuery(flags, terminal.env);
  const memory = flags.history
    ? openChatMemory(memoryName(query, access.region), terminal.env)
    : NO_MEMORY;
  const sessionId = readSessionFlag(flags) ?? (flags.continue ? lastSession(memory) : undefined);
  if (!terminal.stdin.isTTY || !terminal.stderr.isTTY || flags.json) {
    await sendTurn(await readAll(terminal.stdin as never), flags, sessionId, context);
    return;
  }
  const hop = flags.hop ?? 'api';
  const { open, target } = createOpener(query, access);
  const record = flags.record === undefined ? undefined : openRecordFile(flags.record);
  try {
    const session = new ChatSession({
      terminal,
      open,
      connection: await open(hop),
      hop,
      sessionId,
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
        async bench(prompt, turns, stop) {
          // Loaded when it is asked for: the chat is to start at once.
          const { benchPrompt } = await import('../chat/chat-bench.ts');
          return benchPrompt(
            { prompt, turns, hop: session.hop, qualifier: flags.qualifier },
            await target(session.hop),
            terminal.stderr,
            terminal.env,
            stop,
          );
        },
      });
    } finally {
      await session.connection.close();
    }
  } finally {
    record?.close();
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
    ...(flags.sigv4 ? ['--sigv4'] : []),
    // The command names a token; the token itself is nothing to print.
    ...(flags.tokenCommand ? ['--token-command', shellWord(flags.tokenCommand)] : []),
    '--session',
    sessionId,
  ].join(' ');
}
