import { BedrockAgentCoreClient, InvokeAgentRuntimeCommand } from '@aws-sdk/client-bedrock-agentcore';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { clientConfig } from '../../../src/aws/aws-access.ts';
import { type Seen, see } from '../clients.ts';
import { CannotRun, type Deployed, type Row } from '../row.ts';
import type { World } from '../world.ts';

/** AWS: the first 16 KB, which may be either. */
const PRELUDE_SIZES = [15_992, 16_000, 16_376, 16_384, 16_392] as const;
const PAUSE_MS = 700;

/** What becomes of a function that does what a handler never should; they ask `asking-handler.cjs`. */
export const POINTS: readonly Row[] = [
  {
    id: 'B16',
    question: 'what a client gets when a function sends no prelude',
    assumed: '502 {"message": "Internal server error"}',
    option: 'apiGateway.invalidPreludeStatus',
    async ask(_, asking) {
      const { status, text } = await askCase(asking, { case: 'no-prelude' });
      return `${status} ${text}`.replaceAll(/"message": ?/g, '"message": ');
    },
  },
  {
    id: 'B16',
    question: 'the longest prelude, delimiter included, that is still taken',
    assumed: '16384 bytes',
    option: 'apiGateway.preludeBytes',
    async ask(_, asking) {
      let longest = 0;
      for (const bytes of PRELUDE_SIZES) {
        const { status } = await askCase(asking, { case: 'long-prelude', bytes });
        if (status === 200) longest = bytes;
      }
      return `${longest} bytes`;
    },
  },
  {
    id: 'B16',
    question: 'when status and headers leave',
    assumed: 'with the prelude',
    option: 'apiGateway.headersLeave',
    async ask(_, asking) {
      const { headersMs, firstByteMs = 0 } = await askCase(asking, { case: 'late-body', ms: PAUSE_MS });
      return firstByteMs - headersMs > PAUSE_MS / 2 ? 'with the prelude' : 'with the first byte';
    },
  },
  {
    id: 'B16',
    question: 'whether silence before the prelude counts',
    assumed: 'it does: 504',
    option: 'apiGateway.idleTimerBeforePrelude',
    async ask({ limits }, asking) {
      const { status } = await askCase(asking, { case: 'late-prelude', ms: limits.idleMs * 1.2 });
      return status === 200 ? 'it does not' : `it does: ${status}`;
    },
  },
  {
    id: 'B16',
    question: 'how a stream ends whose function fails after its first bytes',
    assumed: 'cut',
    option: 'apiGateway.midStreamError',
    ask: async (_, asking) => (await askCase(asking, { case: 'fails-mid-stream' })).end,
  },
  {
    id: 'B',
    question: 'how a response ends that is longer than Lambda allows (200 MB)',
    assumed: 'cut at the limit',
    option: 'lambda.streamedResponseOverflow',
    async ask({ limits }, asking) {
      const { end, text } = await askCase(asking, { case: 'overflow', bytes: limits.responseBytes * 1.1 });
      const share = text.length / limits.responseBytes;
      return `${end} ${share > 1.05 ? 'after all of it' : share > 0.95 ? 'at the limit' : `at ${text.length} bytes`}`;
    },
  },
  {
    id: 'B',
    question: 'how a stream ends that outlasts API Gateway (15 minutes)',
    assumed: 'cut',
    ask: async ({ limits, names }, asking) => {
      if (!names.long) throw new CannotRun('it takes 15 minutes: --long');
      return (await askCase(asking, { case: 'long', ms: limits.streamMs * 1.1 })).end;
    },
  },
  {
    id: 'B16',
    question: 'which @aws-sdk/client-bedrock-agentcore the runtime brings along',
    assumed: 'none',
    ask: async (_, asking) => (await askCase(asking, { case: 'sdk' })).text,
  },
];

/** With a function timeout of one second. */
export const BRIEF_POINTS: readonly Row[] = [
  {
    id: 'B16',
    question: 'how a stream ends whose function times out after its first bytes',
    assumed: 'cut',
    option: 'apiGateway.midStreamError',
    ask: async (_, brief) => (await askCase(brief, { case: 'times-out' })).end,
  },
];

/** What becomes of calls of AgentCore itself. */
export const AGENT_POINTS: readonly Row[] = [
  {
    id: 'B16',
    question: 'two calls of one session at the same time',
    assumed: '200 and 200',
    option: 'agentCore.concurrentCalls',
    turns: 3,
    async ask(world) {
      const runtimeSessionId = randomUUID();
      const call = () => invoke(world, { runtimeSessionId });
      // One before, so that the session is there.
      await call();
      const answers = await Promise.all([call(), call()]);
      return answers
        .map(({ status }) => status)
        .toSorted((a, b) => a - b)
        .join(' and ');
    },
  },
  {
    id: 'B16',
    question: 'what an agent gets as Content-Type and Accept',
    assumed: 'what the caller sent',
    option: 'agentCore.passMediaTypes',
    turns: 1,
    async ask(world) {
      if (!world.names.agentTells)
        throw new CannotRun('the agent does not tell: --agent-tells when yours answers as telling-agent.ts');
      const sent = { contentType: 'application/json; charset=utf-8', accept: 'text/event-stream, application/json' };
      const { text } = await invoke(world, sent);
      return text.includes(JSON.stringify(sent).slice(0, -1)) ? 'what the caller sent' : text.trim();
    },
  },
  {
    id: 'B16',
    question: 'whether an agent is stopped when its caller goes',
    assumed: 'it is',
    option: 'agentCore.abortAgentOnDisconnect',
    turns: 2,
    async ask(world) {
      if (!world.names.agentTells)
        throw new CannotRun('the agent does not tell: --agent-tells when yours answers as telling-agent.ts');
      const runtimeSessionId = randomUUID();
      await invoke(world, { runtimeSessionId, prompt: 'go on', leaves: true });
      await sleep(PAUSE_MS);
      const { text } = await invoke(world, { runtimeSessionId });
      return text.includes('"running":0') ? 'it is' : `it is not: ${text.trim()}`;
    },
  },
];

async function askCase({ url, headers }: Deployed, ask: object): Promise<Seen> {
  return await see(`${url}/invoke`, ask, headers);
}

/** One call of the agent past the API. With `leaves`, the caller goes after the first bytes. */
async function invoke(
  { access, agentArn }: World,
  call: Readonly<{ runtimeSessionId?: string; prompt?: string; contentType?: string; accept?: string; leaves?: boolean }>,
): Promise<{ readonly status: number; readonly text: string }> {
  const client = new BedrockAgentCoreClient({ ...clientConfig(access), maxAttempts: 1 });
  const { prompt = 'hi', leaves = false, runtimeSessionId = randomUUID() } = call;
  const { contentType = 'application/json', accept = 'text/event-stream, application/json' } = call;
  const gone = new AbortController();
  try {
    const payload = Buffer.from(JSON.stringify({ prompt }));
    const { response, statusCode = 0 } = await client.send(
      new InvokeAgentRuntimeCommand({ agentRuntimeArn: agentArn, runtimeSessionId, payload, contentType, accept }),
      { abortSignal: gone.signal },
    );
    let text = '';
    for await (const part of response as unknown as AsyncIterable<Buffer>) {
      text += String(part);
      if (leaves) break;
    }
    return { status: statusCode, text };
  } catch (error) {
    const { $metadata } = error as { readonly $metadata?: { readonly httpStatusCode?: number } };
    return { status: $metadata?.httpStatusCode ?? 0, text: '' };
  } finally {
    gone.abort();
    client.destroy();
  }
}
