import type { Command } from 'commander';
import { randomUUID } from 'node:crypto';
import { text as readAll } from 'node:stream/consumers';
import { createApiGatewayTransport } from '../client/api-gateway.ts';
import { RETRY_WAITS_MS, runTurnWithRetries } from '../client/retry.ts';
import type { TurnResult } from '../client/run-turn.ts';
import type { CommandContext } from '../context.ts';
import { resolveEndpoint } from '../endpoint.ts';
import { AbortError, AgentstreamError, OperationError, UsageError } from '../errors.ts';
import { addEndpointFlags, type EndpointFlags, readAccess, readStackName } from '../options.ts';
import { SESSION_ID_PATTERN } from '../protocol.ts';
import { formatMs } from '../ui/format.ts';
import { createJsonLines } from '../ui/json-lines.ts';
import { statsLine } from '../ui/stats-line.ts';
import type { Terminal } from '../ui/terminal.ts';

interface Flags extends EndpointFlags {
  readonly session?: string;
  readonly qualifier?: string;
  readonly raw?: boolean;
  readonly stats?: boolean;
}

const EXAMPLES = `
Examples:
  agentstream invoke "What is the capital of France?"
  echo "Summarise this" | agentstream invoke --stats
  agentstream invoke --session ID "And of Italy?"      # the same conversation
  agentstream invoke --local "hi"                      # against a running agentstream dev
`;

export function configure(command: Command, context: CommandContext): void {
  addEndpointFlags(command.argument('[prompt]', 'what to ask; read from stdin when absent'))
    .option('--session <id>', 'continue a session')
    .option('--qualifier <name>', 'AgentCore endpoint to call')
    .option('--raw', 'print the stream as it comes')
    .option('--stats', 'print the timing of the stream on stderr')
    .addHelpText('after', EXAMPLES)
    .action((prompt: string | undefined, flags: Flags) => invoke(prompt, flags, context));
}

async function invoke(
  argument: string | undefined,
  flags: Flags,
  { terminal, signal }: CommandContext,
): Promise<void> {
  const { env } = terminal;
  if (flags.session !== undefined && !SESSION_ID_PATTERN.test(flags.session)) {
    throw new UsageError('INVALID_SESSION_ID', `not a session id: ${flags.session}`, {
      hint: '33 to 256 characters of A-Z a-z 0-9 _ -, starting with a letter or digit',
    });
  }
  const prompt = argument ?? (await readPrompt(terminal));
  if (prompt.trim() === '') throw new UsageError('EMPTY_PROMPT', 'the prompt is empty');
  const url = flags.url ?? (flags.stackName === undefined ? env['AGENTSTREAM_URL'] : undefined);
  const endpoint = await resolveEndpoint(
    {
      stackName: readStackName(flags, env),
      url,
      apiKey: flags.apiKey ?? env['AGENTSTREAM_API_KEY'],
    },
    readAccess(flags, env),
  );
  const transport = createApiGatewayTransport(endpoint);
  // Made here rather than by the endpoint, so that a turn can be stopped before it has answered.
  const sessionId = flags.session ?? randomUUID();
  const writer = createWriter(terminal, flags);
  try {
    const request = { prompt, sessionId, qualifier: flags.qualifier };
    const result = await runTurnWithRetries(transport, request, writer, signal, {
      waitsMs: RETRY_WAITS_MS,
      onRetry: (failure, waitMs) =>
        terminal.stderr.write(`${failure.message}; trying again in ${formatMs(waitMs)}\n`),
    });
    if (signal.aborted) {
      await transport.stop(sessionId).catch(() => undefined);
      throw new AbortError('stopped; what has come so far is above', {
        hint: resumeLine(result, flags),
      });
    }
    writer.finish(result);
    if (flags.stats) terminal.stderr.write(`${statsLine(result.metrics, endpoint.idleLimitMs)}\n`);
    if (!flags.json) terminal.stderr.write(`session ${result.sessionId ?? sessionId}\n`);
    if (result.failure) throw asOperationError(result.failure);
  } finally {
    await transport.close();
  }
}

async function readPrompt(terminal: Terminal): Promise<string> {
  if (!terminal.stdin.isTTY) return readAll(terminal.stdin as never);
  throw new UsageError('MISSING_PROMPT', 'no prompt was given', {
    hint: 'agentstream invoke "Hello!"',
  });
}

interface Writer {
  readonly onBytes?: (bytes: Buffer) => void;
  readonly onEvent?: (event: { readonly type: string; readonly text?: string }) => void;
  finish(result: TurnResult): void;
}

/** The answer goes to stdout: as text, as it came (`--raw`), or as JSON lines. */
function createWriter(terminal: Terminal, flags: Flags): Writer {
  const { stdout } = terminal;
  if (flags.json) {
    const print = createJsonLines(stdout);
    return {
      onEvent: (event) => print(event),
      finish: ({ metrics, sessionId, serverTiming, requestId, failure }) =>
        failure === undefined &&
        print({ type: 'result', ok: true, sessionId, requestId, serverTiming, metrics }),
    };
  }
  if (flags.raw) return { onBytes: (bytes) => stdout.write(bytes), finish: () => undefined };
  let last = '\n';
  return {
    onEvent(event) {
      if (event.type !== 'text-delta' || !event.text) return;
      stdout.write(event.text);
      last = event.text;
    },
    finish() {
      if (!last.endsWith('\n')) stdout.write('\n');
    },
  };
}

function resumeLine(result: TurnResult, flags: Flags): string {
  const stack = flags.stackName ? ` --stack-name ${flags.stackName}` : '';
  return `to go on: agentstream invoke${stack} --session ${result.sessionId ?? ''} "..."`;
}

function asOperationError(failure: Error): Error {
  return failure instanceof AgentstreamError
    ? failure
    : new OperationError('AGENT_FAILED', `the agent reported an error: ${failure.message}`, {
        hint: "the stream itself ended properly; look at the agent's own log",
        cause: failure,
      });
}
