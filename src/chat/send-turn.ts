import { resolveAwsAccess } from '../aws/aws-access.ts';
import { randomUUID } from 'node:crypto';
import { runOneTurn } from './one-turn.ts';
import type { CommandContext } from '../cli/context.ts';
import { UsageError } from '../cli/errors.ts';
import { openConnection, resolveTarget } from '../endpoint/connection.ts';
import { readEndpointQuery } from '../cli/options.ts';
import { openRecordFile } from '../cli/files.ts';
import type { TurnFlags } from '../endpoint/turn-flags.ts';

/**
 * Opens a connection to the hop that the flags name, sends one turn and closes it again: `invoke`, and `chat` from a pipe.
 * @param sessionId of a session to go on with; absent for a new one
 * @throws {UsageError} EMPTY_PROMPT; and as `resolveTarget`, `openConnection` and `runOneTurn`
 */
export async function sendTurn(
  prompt: string,
  flags: TurnFlags,
  sessionId: string | undefined,
  { terminal, signal }: CommandContext,
): Promise<void> {
  if (prompt.trim() === '') throw new UsageError('EMPTY_PROMPT', 'the prompt is empty');
  const hop = flags.hop ?? 'api';
  const target = await resolveTarget(
    readEndpointQuery(flags, terminal.env),
    resolveAwsAccess(flags, terminal.env),
    [hop],
  );
  const connection = await openConnection(hop, target);
  const record = flags.record === undefined ? undefined : openRecordFile(flags.record);
  try {
    await runOneTurn({
      terminal,
      signal,
      connection,
      hop,
      prompt,
      // Made here rather than by the endpoint, so that a turn can be stopped before it has answered.
      sessionId: sessionId ?? randomUUID(),
      isNewSession: sessionId === undefined,
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
