import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
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
import type { Terminal } from '../ui/terminal.ts';
import type { DevEvent } from './request-lines.ts';
import { hint, OperationError, UsageError } from '../cli/errors.ts';
import { parseRecordings, type Recording } from '../stream/parse-recording.ts';
import { EVENT_END, KEEP_ALIVE, NUDGE } from '../protocol.ts';

/** Where the output and the events of an agent go. */
export interface DevAgentHost {
  readonly terminal: Pick<Terminal, 'stderr' | 'env'>;
  readonly onEvent: (event: DevEvent) => void;
  /** How long an agent that is not up yet is waited for, ms; default: until the signal. */
  readonly waitMs?: number;
}

/** An agent, and how to end what runs for it. */
export type DevAgent = Agent & { readonly close?: () => Promise<void> };

/**
 * Opens the agent of `dev --agent`: `story`, `echo`, the address of an agent (URL, host:port or port), its source file, which runs as a
 * child process, or a recording to play back. An agent that is not up yet is waited for.
 * @throws {UsageError} INVALID_AGENT; RECORDING_UNREADABLE or INVALID_RECORDING for a file
 * @throws {OperationError} AGENT_UNREACHABLE when nothing healthy answers at the URL
 */
export async function openDevAgent(kind: string, signal: AbortSignal, host: DevAgentHost): Promise<DevAgent> {
  if (kind === 'story') return storyAgent();
  if (kind === 'echo') return echoAgent();
  if (/\.ndjson$/i.test(kind)) return openRecordedAgent(kind);
  const note = (text: string): void => host.onEvent({ type: 'agent-note', text });
  if (SOURCE_FILE.test(kind)) {
    const { openChildAgent } = await import('./child-agent.ts');
    const { stderr: output, env } = host.terminal;
    const child = await openChildAgent(kind, { tell: note, output, env, signal });
    return { ...watched(child, kind, host), close: () => child.close() };
  }
  const url = urlOf(kind);
  if (url === undefined) {
    throw new UsageError('INVALID_AGENT', `not an agent: ${kind}`, {
      hint: 'story, echo, a URL such as http://127.0.0.1:8080 or its port, a source file such as ./agent.ts, or a recording: FILE.ndjson',
    });
  }
  await untilHealthy(url, signal, note, host.waitMs);
  return watched(httpAgent(url), url, host);
}

const SOURCE_FILE = /\.([cm]?[jt]s|py)$/i;
const PING_EVERY_MS = 500;

/** `8080`, `127.0.0.1:8080` and `localhost:8080/path` are all addresses. */
function urlOf(kind: string): string | undefined {
  const url = /^\d{1,5}$/.test(kind) ? `http://127.0.0.1:${kind}` : /^https?:\/\//.test(kind) ? kind : `http://${kind}`;
  const hasPort = /^(https?:|\d{1,5}$)/.test(kind) || /^[\w.-]+:\d{1,5}(\/|$)/.test(kind);
  return hasPort && URL.canParse(url) ? url : undefined;
}

/** Only a port that nobody listens on is waited for: an answer that is not healthy will not become so. */
async function untilHealthy(url: string, signal: AbortSignal, note: (text: string) => void, waitMs = Number.POSITIVE_INFINITY) {
  const giveUpAt = performance.now() + waitMs;
  for (let tries = 0; ; tries += 1) {
    const ping = await pingAgent(url, signal);
    if (ping.type === 'healthy') return;
    const isComing = ping.reason.includes('ECONNREFUSED') && performance.now() < giveUpAt;
    if (!isComing || signal.aborted) {
      throw new OperationError('AGENT_UNREACHABLE', `no healthy agent at ${url}: ${ping.reason}`, {
        hint: 'start it first; GET /ping must answer 200 with {"status":"Healthy"} (AgentCore container contract)',
      });
    }
    if (tries === 0) note(`waiting for the agent at ${url}: nothing listens there yet`);
    await sleep(PING_EVERY_MS, undefined, { signal });
  }
}

const MAX_EXCERPT = 80;

/** The agent, with a word about each failure: the endpoint does not pass on what the agent said. */
function watched(agent: Agent, name: string, { onEvent }: DevAgentHost): Agent {
  let isGone = false;
  return {
    async invoke(invocation) {
      const { sessionId, signal } = invocation;
      const fail = (reason: string): void => onEvent({ type: 'agent-failure', sessionId, reason });
      try {
        const reply = await agent.invoke(invocation);
        if (isGone) onEvent({ type: 'agent-note', text: `the agent at ${name} is back` });
        isGone = false;
        if (reply.status < 400) return { ...reply, body: told(reply.body, () => signal.aborted || fail('the agent broke off')) };
        const body = await buffer(reply.body);
        const excerpt = body.toString('utf8').trim().slice(0, MAX_EXCERPT);
        fail(`agent answered ${reply.status}${excerpt && `: ${excerpt}`}`);
        return { ...reply, body: Readable.from([body]) };
      } catch (error) {
        const { message } = error as Error;
        // A process of ours has told its end already.
        if (SOURCE_FILE.test(name)) fail(message);
        else if (!signal.aborted) {
          fail(`no connection to ${name}`);
          if (!isGone) onEvent({ type: 'agent-note', text: `the agent at ${name} is gone (${message}); dev stays up` });
          isGone = true;
        }
        throw error;
      }
    },
  };
}

async function* told(body: AsyncIterable<Uint8Array>, onBreak: () => void): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    onBreak();
    throw error;
  }
}

/** Plays the recordings of a file: the n-th turn the n-th, then again from the first. */
async function openRecordedAgent(file: string): Promise<Agent> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UsageError('RECORDING_UNREADABLE', `the recording ${file} cannot be read (${error.code ?? error.message})`, {
      hint: hint`make one: ${['agentstream', 'invoke', '--record', 'FILE.ndjson', '...']}`,
      cause: error,
    });
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
  for (const { index, 0: comments } of body.toString('latin1').matchAll(FUNCTION_COMMENTS))
    kept.fill(0, index, index + comments.length);
  let offset = 0;
  return chunks.map((chunk) => {
    const from = offset;
    offset += chunk.length;
    return chunk.filter((_, index) => kept[from + index] === 1);
  });
}
