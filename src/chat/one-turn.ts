import { RETRY_WAITS_MS, runTurnWithRetries } from '../endpoint/retry.ts';
import { type TurnListener, type TurnResult } from '../endpoint/run-turn.ts';
import { turnFailure } from '../endpoint/turn-failure.ts';
import { AbortError, UsageError } from '../cli/errors.ts';
import { formatMs } from '../ui/format.ts';
import { plainText } from '../ui/sanitize.ts';
import { statsLine } from './stats-line.ts';
import { createJsonLines, lastingOutput, type Terminal, whenDrained } from '../ui/terminal.ts';
import { type Connection, limitsOf, openConnection, resolveTarget } from '../endpoint/connection.ts';
import type { Hop } from '../stream/stream-part.ts';
import { createTurnRecorder } from './turn-recorder.ts';
import { resolveAwsAccess } from '../aws/aws-access.ts';
import { randomUUID } from 'node:crypto';
import { type CommandContext, readEndpointQuery } from '../cli/options.ts';
import { openRecordFile } from '../cli/files.ts';
import type { TurnFlags } from './turn-flags.ts';

/**
 * Opens a connection to the hop of the flags, sends one turn and closes the connection: `invoke`, and `chat` from a pipe.
 * @param sessionId session to continue; absent for a new one
 * @throws {UsageError} EMPTY_PROMPT; and as `resolveTarget`, `openConnection` and `runOneTurn`
 */
export async function sendTurn(
  prompt: string,
  flags: TurnFlags,
  sessionId: string | undefined,
  context: CommandContext,
): Promise<void> {
  const { terminal, signal } = context;
  if (prompt.trim() === '') throw new UsageError('EMPTY_PROMPT', 'the prompt is empty');
  const hop = flags.hop ?? 'api';
  const target = await resolveTarget(readEndpointQuery(flags, terminal.env), resolveAwsAccess(flags, terminal.env), [hop]);
  const connection = await openConnection(hop, target);
  const record = flags.record === undefined ? undefined : openRecordFile(flags.record, context);
  try {
    await runOneTurn({
      terminal,
      signal,
      connection,
      hop,
      prompt,
      // Generated here, so that a turn can be stopped before the endpoint has answered.
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

interface OneTurnInput {
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
  readonly connection: Connection;
  readonly hop: Hop;
  readonly prompt: string;
  readonly sessionId: string;
  readonly isNewSession: boolean;
  readonly qualifier?: string | undefined;
  readonly raw: boolean;
  readonly json: boolean;
  readonly stats: boolean;
  /** Receives the recording of the turn line by line. */
  readonly record?: ((line: string) => void) | undefined;
}

/**
 * One turn for scripts and pipes: the answer on stdout, everything else on stderr.
 * @throws {OperationError} when no stream started, {StreamError} when it failed, {AbortError} on Ctrl-C after the request to stop the
 *   agent, with the reason if that failed
 */
async function runOneTurn(input: OneTurnInput): Promise<void> {
  const { terminal, signal, connection, prompt, sessionId, qualifier } = input;
  const writer = createWriter(input);
  const recorder =
    input.record && createTurnRecorder({ hop: input.hop, prompt, sessionId, idleLimitMs: connection.idleLimitMs }, input.record);
  const result = await runTurnWithRetries(
    connection.transport,
    { prompt, sessionId, qualifier },
    { ...writer, ...(recorder && { onPart: recorder.onPart }), drained: () => whenDrained(terminal.stdout) },
    signal,
    {
      waitsMs: RETRY_WAITS_MS,
      limits: limitsOf(connection),
      onRetry: (failure, waitMs) => terminal.stderr.write(`${plainText(failure.message)}; trying again in ${formatMs(waitMs)}\n`),
    },
  );
  recorder?.finish(result);
  if (signal.aborted) {
    const failed = await connection.transport
      .stop(sessionId, qualifier)
      .then(() => undefined)
      .catch((error: unknown) => ({ error }));
    writer.finish();
    const hint = `to continue: --session ${sessionId}`;
    if (!failed) throw new AbortError('the agent was told to stop; its partial answer is above', { hint });
    const { error } = failed;
    const reason = error instanceof Error ? error.message : String(error);
    const message = `could not stop the agent, which may continue to work: ${reason}`;
    throw new AbortError(message, { hint, cause: error });
  }
  writer.finish(result);
  // With --raw everything is on the screen.
  for (const note of input.raw ? [] : result.notes) terminal.stderr.write(`note: ${plainText(note)}\n`);
  if (input.stats) terminal.stderr.write(`${statsLine(result.metrics, factsOf(input, result))}\n`);
  if (!input.json) terminal.stderr.write(`session ${result.sessionId ?? sessionId}\n`);
  const failure = turnFailure(result, connection.idleLimitMs);
  if (failure) throw failure;
}

function factsOf(
  { connection, sessionId, isNewSession }: OneTurnInput,
  { serverTiming, finishReason }: TurnResult,
): Parameters<typeof statsLine>[1] {
  return { idleLimitMs: connection.idleLimitMs, sessionId, isNewSession, serverTiming, finishReason };
}

interface Writer extends Pick<TurnListener, 'onBytes' | 'onEvent'> {
  /** Called without a result when the turn was stopped. */
  finish(result?: TurnResult): void;
}

/** Writes the answer as text, unchanged (`--raw`), or as JSON lines. */
function createWriter({ terminal, json, raw }: OneTurnInput): Writer {
  const stdout = lastingOutput(terminal);
  if (json) {
    const print = createJsonLines(stdout);
    return {
      onEvent: (event) => print(event),
      finish(result) {
        if (!result || result.metrics.outcome !== 'ok') return;
        const { metrics, sessionId, serverTiming, requestId, finishReason, notes } = result;
        const understood = metrics.textEvents > 0;
        print({ type: 'result', ok: true, sessionId, requestId, serverTiming, understood, finishReason, notes, metrics });
      },
    };
  }
  if (raw) return { onBytes: (bytes) => stdout.write(bytes), finish: () => undefined };
  let last = '\n';
  return {
    onEvent(event) {
      if (event.type !== 'text-delta' || event.text === '') return;
      // A pipe gets the agent's text unchanged.
      stdout.write(stdout.isTTY ? plainText(event.text) : event.text);
      last = event.text;
    },
    finish() {
      if (!last.endsWith('\n')) stdout.write('\n');
    },
  };
}
