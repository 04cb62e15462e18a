import type { Command } from 'commander';
import { randomUUID } from 'node:crypto';
import { text as readAll } from 'node:stream/consumers';
import { runOneTurn } from '../chat/one-turn.ts';
import type { CommandContext } from '../context.ts';
import { UsageError } from '../errors.ts';
import { openTransport } from '../hops.ts';
import { readAccess, readEndpointQuery } from '../options.ts';
import { openRecordFile } from '../record-file.ts';
import { addTurnFlags, readSessionFlag, type TurnFlags } from '../turn-flags.ts';
import type { Terminal } from '../ui/terminal.ts';

const EXAMPLES = `
Examples:
  agentstream invoke "What is the capital of France?"
  echo "Summarise this" | agentstream invoke --stats
  agentstream invoke --session ID "And of Italy?"      # the same conversation
  agentstream invoke --record turn.ndjson "hi"         # to measure, or to play back with agentstream dev --agent
  agentstream invoke --local "hi"                      # against a running agentstream dev
`;

export function configure(command: Command, context: CommandContext): void {
  addTurnFlags(command.argument('[prompt]', 'what to ask; read from stdin when absent'))
    .addHelpText('after', EXAMPLES)
    .action((prompt: string | undefined, flags: TurnFlags) => invoke(prompt, flags, context));
}

async function invoke(
  argument: string | undefined,
  flags: TurnFlags,
  { terminal, signal }: CommandContext,
): Promise<void> {
  const session = readSessionFlag(flags);
  const prompt = argument ?? (await readPrompt(terminal));
  if (prompt.trim() === '') throw new UsageError('EMPTY_PROMPT', 'the prompt is empty');
  const hop = flags.hop ?? 'api';
  const connection = await openTransport(
    hop,
    readEndpointQuery(flags, terminal.env),
    readAccess(flags, terminal.env),
  );
  const record = flags.record === undefined ? undefined : openRecordFile(flags.record);
  try {
    await runOneTurn({
      terminal,
      signal,
      connection,
      hop,
      prompt,
      // Made here rather than by the endpoint, so that a turn can be stopped before it has answered.
      sessionId: session ?? randomUUID(),
      isNewSession: session === undefined,
      qualifier: flags.qualifier,
      raw: flags.raw === true,
      json: flags.json === true,
      stats: flags.stats === true,
      record: record?.write,
    });
  } finally {
    record?.close();
    await connection.close();
  }
}

async function readPrompt(terminal: Terminal): Promise<string> {
  if (!terminal.stdin.isTTY) return readAll(terminal.stdin as never);
  throw new UsageError('MISSING_PROMPT', 'no prompt was given', {
    hint: 'agentstream invoke "Hello!"',
  });
}
