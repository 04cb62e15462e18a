import { readFile } from 'node:fs/promises';
import {
  type Agent,
  echoAgent,
  httpAgent,
  pingAgent,
  scriptedAgent,
  storyAgent,
} from '../emulator/index.ts';
import { OperationError, UsageError } from '../cli/errors.ts';
import { hint } from '../cli/hint.ts';
import { toAgentScript } from './recording-script.ts';
import { parseRecordings } from '../stream/parse-recording.ts';

/**
 * What `dev --agent` means: `story`, `echo`, the URL of an agent that is running, or a recording to play back.
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
