import { runTurnWithRetries } from '../endpoint/retry.ts';
import { type TurnListener, type TurnResult } from '../endpoint/run-turn.ts';
import { turnFailure } from '../endpoint/turn-failure.ts';
import { AbortError, UsageError } from '../cli/errors.ts';
import { plainText } from '../ui/sanitize.ts';
import { createWordWrap, fitText } from '../ui/wrap-text.ts';
import { statsLine } from './stats-line.ts';
import { createJsonLines, lastingOutput, type Terminal, whenDrained } from '../ui/terminal.ts';
import { type Connection, openConnection, resolveTarget } from '../endpoint/connection.ts';
import { createTurnRecorder, type TurnRecorder } from './turn-recorder.ts';
import type { TurnRequest } from '../endpoint/transport.ts';
import { resolveAwsAccess } from '../aws/aws-access.ts';
import { randomUUID } from 'node:crypto';
import { type CommandContext, readEndpointQuery } from '../cli/options.ts';
import { openRecordFile } from '../cli/files.ts';
import type { TurnFlags } from './turn-flags.ts';

/** A turn as it was given. */
export interface GivenTurn extends Pick<TurnRequest, 'prompt' | 'payload'> {
  /** Names in lower case. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/**
 * One turn for scripts and pipes, `invoke` and `chat` from a pipe: opens a connection to the hop of the flags, writes the answer on stdout
 * and everything else on stderr, and closes the connection.
 * @param continued session to continue; absent for a new one
 * @throws {UsageError} EMPTY_PROMPT, CONFLICTING_FLAGS; and as `resolveTarget` and `openConnection`
 * @throws {OperationError} when no stream started, {StreamError} when it failed, {AbortError} on Ctrl-C after the request to stop the
 *   agent, with the reason if that failed
 */
export async function sendTurn(
  { prompt, payload, headers }: GivenTurn,
  flags: TurnFlags,
  continued: string | undefined,
  context: CommandContext,
): Promise<void> {
  const { terminal } = context;
  if (!payload && prompt.trim() === '') throw new UsageError('EMPTY_PROMPT', 'the prompt is empty');
  const hop = flags.hop ?? 'api';
  if (headers && hop === 'agentcore')
    throw new UsageError('CONFLICTING_FLAGS', '--header needs the hop api or lambda', { hint: 'leave one of them out' });
  const target = await resolveTarget(readEndpointQuery(flags, terminal.env), resolveAwsAccess(flags, terminal.env), [hop]);
  const { endpoint } = target;
  const connection = await openConnection(hop, {
    ...target,
    endpoint: { ...endpoint, headers: { ...endpoint.headers, ...headers } },
  });
  const record = flags.record === undefined ? undefined : openRecordFile(flags.record, context);
  // Generated here, so that a turn can be stopped before the endpoint has answered.
  const sessionId = continued ?? randomUUID();
  const request = { prompt, payload, sessionId, qualifier: flags.qualifier };
  const tell = (text: string): void => terminal.stderr.write(fitText(`${text}\n`, terminal.stderr));
  try {
    const result = await runOneTurn(
      request,
      connection,
      flags,
      context,
      record && createTurnRecorder(hop, request, connection, record.write),
    );
    // With --raw everything is on the screen.
    for (const note of flags.raw ? [] : result.notes) tell(`note: ${plainText(note)}`);
    if (flags.stats) {
      const facts = { idleLimitMs: connection.idleLimitMs, isNewSession: continued === undefined };
      tell(statsLine(result, facts, true));
    }
    if (!flags.json) terminal.stderr.write(`session ${result.sessionId ?? sessionId}\n`);
    const failure = turnFailure(result, connection.idleLimitMs);
    if (failure) throw failure;
  } finally {
    record?.close();
    await connection.close();
  }
}

/** @throws {AbortError} on Ctrl-C */
async function runOneTurn(
  request: TurnRequest & { readonly sessionId: string },
  connection: Connection,
  flags: TurnFlags,
  { terminal, signal }: CommandContext,
  recorder: TurnRecorder | undefined,
): Promise<TurnResult> {
  const { sessionId, qualifier } = request;
  const writer = createWriter(terminal, flags);
  const result = await runTurnWithRetries(
    connection,
    request,
    { ...writer, ...(recorder && { onPart: recorder.onPart }), drained: () => whenDrained(terminal.stdout) },
    signal,
    (text) => terminal.stderr.write(`${plainText(text)}\n`),
  );
  recorder?.finish(result);
  if (!signal.aborted) {
    writer.finish(result);
    return result;
  }
  const failed = await connection.transport
    .stop(sessionId, qualifier)
    .then(() => undefined)
    .catch((error: unknown) => ({ error }));
  writer.finish();
  const hint = `to continue: --session ${sessionId}`;
  if (!failed) throw new AbortError('the agent was told to stop; its partial answer is above', { hint });
  const { error } = failed;
  const reason = error instanceof Error ? error.message : String(error);
  throw new AbortError(`could not stop the agent, which may continue to work: ${reason}`, { hint, cause: error });
}

const FLUSH_MS = 200;

interface Writer extends Pick<TurnListener, 'onBytes' | 'onEvent'> {
  /** Called without a result when the turn was stopped. */
  finish(result?: TurnResult): void;
}

/** Writes the answer as text, unchanged (`--raw`), or as JSON lines. */
function createWriter(terminal: Terminal, { json, raw }: TurnFlags): Writer {
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
  const wrap = createWordWrap(() => stdout.columns);
  // A word that ends with a pause is shown before the rest comes. In a pipe no word is held back.
  const timer = stdout.isTTY ? setInterval(() => stdout.write(wrap.flush()), FLUSH_MS).unref() : undefined;
  return {
    onEvent(event) {
      if (event.type !== 'text-delta' || event.text === '') return;
      // A pipe gets the agent's text unchanged.
      stdout.write(stdout.isTTY ? wrap.push(plainText(event.text)) : event.text);
      last = event.text;
    },
    finish() {
      clearInterval(timer);
      stdout.write(wrap.flush());
      if (!last.endsWith('\n')) stdout.write('\n');
    },
  };
}
