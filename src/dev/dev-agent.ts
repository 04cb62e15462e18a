import { readFile } from 'node:fs/promises';
import {
  type Agent,
  type AgentScript,
  echoAgent,
  httpAgent,
  pingAgent,
  scriptedAgent,
  type ScriptFrame,
  storyAgent,
} from '../emulator/index.ts';
import { OperationError, UsageError } from '../cli/errors.ts';
import { hint } from '../cli/hint.ts';
import { parseRecordings, type Recording } from '../stream/parse-recording.ts';
import { EVENT_END, KEEP_ALIVE, NUDGE } from '../protocol.ts';

/**
 * Opens the agent of `dev --agent`: `story`, `echo`, the URL of an agent that is running, or a recording to play back.
 * @throws {UsageError} INVALID_AGENT; RECORDING_UNREADABLE or INVALID_RECORDING for a file
 * @throws {OperationError} AGENT_UNREACHABLE when nothing healthy answers at the URL
 */
export async function openDevAgent(kind: string, signal: AbortSignal): Promise<Agent> {
  if (kind === 'story') return storyAgent();
  if (kind === 'echo') return echoAgent();
  if (/\.ndjson$/i.test(kind)) return openRecordedAgent(kind);
  if (!/^https?:\/\//.test(kind) || !URL.canParse(kind)) {
    throw new UsageError('INVALID_AGENT', `not an agent: ${kind}`, {
      hint: 'story, echo, a URL such as http://127.0.0.1:8080, or a recording: FILE.ndjson',
    });
  }
  const ping = await pingAgent(kind, signal);
  if (ping.type === 'healthy') return httpAgent(kind);
  throw new OperationError('AGENT_UNREACHABLE', `no healthy agent at ${kind}: ${ping.reason}`, {
    hint: 'start it first; GET /ping must answer 200 with {"status":"Healthy"} (AgentCore container contract)',
  });
}

/** Plays the recordings of a file: the n-th turn the n-th, then again from the first. */
async function openRecordedAgent(file: string): Promise<Agent> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(
      'RECORDING_UNREADABLE',
      `the recording ${file} cannot be read (${error.code ?? error.message})`,
      {
        hint: hint`make one: ${['agentstream', 'invoke', '--record', 'FILE.ndjson', '...']}`,
        cause: error,
      },
    );
  });
  const agents = parse(file, text).map((recording) => scriptedAgent(toAgentScript(recording)));
  let turns = 0;
  return {
    invoke(invocation) {
      const agent = agents[turns % agents.length];
      turns += 1;
      if (!agent) throw new Error('there is at least one recording');
      return agent.invoke(invocation);
    },
  };
}

/** A file's name belongs to what is wrong in it. */
function parse(file: string, text: string): ReturnType<typeof parseRecordings> {
  try {
    return parseRecordings(text);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const { code, message, hint } = error;
    throw new UsageError(code, `${file}: ${message}`, { hint, cause: error });
  }
}

/**
 * A recorded answer as an agent gives it again behind the same function: its chunks with their times, without the
 * heartbeats and nudges, since the function adds its own. Only a stream that was received to its end has one; every other breaks off where the recording does. A
 * recorded refusal becomes an agent that fails with that status.
 */
export function toAgentScript({ parts, ending, endedAtMs }: Recording): AgentScript {
  const head = parts.find((part) => part.type === 'headers');
  const chunks = parts.filter((part) => part.type === 'chunk');
  const contentType = head?.headers['content-type'] ?? EVENT_STREAM;
  const recorded = chunks.map(({ bytes }) => bytes);
  const bodies = contentType.startsWith(EVENT_STREAM) ? withoutComments(recorded) : recorded;
  let atMs = 0;
  const frame = (nextAtMs: number, bytes: Uint8Array): ScriptFrame => {
    const delayMs = Math.max(0, nextAtMs - atMs);
    atMs = nextAtMs;
    return { delayMs, bytes };
  };
  return {
    contentType,
    ...(head && { status: head.status }),
    frames: [...chunks.map(({ at }, index) => frame(at, bodies[index] ?? NOTHING)), frame(endedAtMs, NOTHING)],
    ends: ending === 'end' ? 'end' : 'cut',
  };
}

const EVENT_STREAM = 'text/event-stream';
const NOTHING = new Uint8Array();

/** Comments in a row behind an event. Older recordings have an empty line behind each. */
const FUNCTION_COMMENTS = new RegExp(`(?<=^|${EVENT_END.source.slice(0, -1)})(?:(?:${KEEP_ALIVE}|${NUDGE})\\n?)+`, 'g');

/** Takes the function's comments out of a body, however chunks split it, and nothing that only looks like one within an event. */
function withoutComments(chunks: readonly Uint8Array[]): Uint8Array[] {
  const body = Buffer.concat(chunks);
  const kept = new Uint8Array(body.length).fill(1);
  for (const { index, 0: comments } of body.toString('latin1').matchAll(FUNCTION_COMMENTS)) {
    kept.fill(0, index, index + comments.length);
  }
  let offset = 0;
  return chunks.map((chunk) => {
    const from = offset;
    offset += chunk.length;
    return chunk.filter((_, index) => kept[from + index] === 1);
  });
}
