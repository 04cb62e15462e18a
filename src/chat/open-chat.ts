import { type AwsAccess, resolveAwsAccess } from '../aws/aws-access.ts';
import { text as readAll } from 'node:stream/consumers';
import { ChatSession } from './chat-session.ts';
import { runChat } from './run-chat.ts';
import { type ChatMemory, openChatMemory } from './state-files.ts';
import { UsageError } from '../cli/errors.ts';
import { createOpener } from '../endpoint/connection.ts';
import type { EndpointQuery } from '../endpoint/endpoint.ts';
import { type CommandContext, readEndpointQuery } from '../cli/options.ts';
import { openRecordFile } from '../cli/files.ts';
import { sendTurn } from './one-turn.ts';
import { checkSessionId, type TurnFlags } from './turn-flags.ts';

interface ChatFlags extends TurnFlags {
  readonly continue?: boolean;
  readonly history: boolean;
}

/**
 * Runs the chat on a terminal; from a pipe, or with `--json`, sends one turn as `invoke` does.
 * @throws {UsageError} NO_SESSION, INVALID_SESSION_ID; as `resolveTarget`, `openConnection`, `sendTurn`
 */
export async function openChat(flags: ChatFlags, context: CommandContext): Promise<void> {
  const { terminal, signal } = context;
  const access = resolveAwsAccess(flags, terminal.env);
  const query = readEndpointQuery(flags, terminal.env);
  const memory = openChatMemory(flags.history ? memoryName(query, access) : undefined, terminal.env);
  const sessionId = checkSessionId(flags.session) ?? (flags.continue ? lastSession(memory) : undefined);
  if (!terminal.stdin.isTTY || !terminal.stderr.isTTY || flags.json) {
    await sendTurn({ prompt: await readAll(terminal.stdin as never) }, flags, sessionId, context);
    return;
  }
  const hop = flags.hop ?? 'api';
  const { open, target } = createOpener(query, access);
  const record = flags.record === undefined ? undefined : openRecordFile(flags.record, context);
  try {
    const session = new ChatSession({
      terminal,
      open,
      connection: await open(hop),
      hop,
      sessionId,
      qualifier: flags.qualifier,
      settings: { raw: flags.raw === true, showEvents: false, stats: 'short' },
      record: record?.write,
    });
    try {
      await runChat({
        terminal,
        session,
        memory,
        signal,
        target: context.target,
        async bench(prompt, turns, stop) {
          // Loaded on demand, so that the chat starts at once.
          const { benchPrompt } = await import('./chat-bench.ts');
          return benchPrompt(
            { prompt, hop: session.hop, qualifier: flags.qualifier },
            turns,
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
    hint: 'each stack keeps its last session, unless --no-history is given; --session ID names one',
  });
}

/** File name part for a stack or URL. */
function memoryName({ stackName, url }: EndpointQuery, { region, endpointUrl }: AwsAccess): string {
  // A stack of `dev` has nothing to do with one of the account that has its name.
  const isLocal = endpointUrl !== undefined;
  const stack = `${isLocal ? 'local-' : ''}${stackName}-${region ?? 'default'}`;
  const name = url === undefined ? stack : new URL(url).host;
  return name.replaceAll(/[^\w.-]/g, '_');
}
