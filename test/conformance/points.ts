import { BedrockAgentCoreClient, InvokeAgentRuntimeCommand } from '@aws-sdk/client-bedrock-agentcore';
import { randomUUID } from 'node:crypto';
import { connect } from 'node:tls';
import { clientConfig } from '../../src/aws/aws-access.ts';
import { type Seen, see } from './see.ts';
import type { Deployed, Target } from './target.ts';

/** A point that AWS does not document (src/emulator/README.md, "What AWS does not document"). */
export interface Point {
  readonly question: string;
  /** What the emulator does unless it is told otherwise. */
  readonly assumed: string;
  /** @param asking endpoint of `asking-handler.cjs` */
  readonly ask: (target: Target, asking: Deployed) => Promise<string>;
}

/** AWS: the first 16 KB, which may be either. */
const PRELUDE_SIZES = [15_992, 16_000, 16_376, 16_384, 16_392] as const;
const PAUSE_MS = 700;

export const POINTS: readonly Point[] = [
  {
    question: 'what a client gets when a function sends no prelude',
    assumed: '502 {"message": "Internal server error"}',
    ask: async (_, asking) => describeRefusal(await askCase(asking, { case: 'no-prelude' })),
  },
  {
    question: 'the longest prelude, delimiter included, that is still taken',
    assumed: '16384 bytes',
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
    question: 'when status and headers leave',
    assumed: 'with the prelude',
    async ask(_, asking) {
      const { headersMs, firstByteMs = 0 } = await askCase(asking, { case: 'late-body', ms: PAUSE_MS });
      return firstByteMs - headersMs > PAUSE_MS / 2 ? 'with the prelude' : 'with the first byte';
    },
  },
  {
    question: 'whether silence before the prelude counts',
    assumed: 'it does: 504',
    async ask({ idleMs }, asking) {
      const { status } = await askCase(asking, { case: 'late-prelude', ms: idleMs * 1.2 });
      return status === 200 ? 'it does not' : `it does: ${status}`;
    },
  },
  {
    question: 'how a stream ends whose function fails after its first bytes',
    assumed: 'cut',
    ask: async (_, asking) => (await askCase(asking, { case: 'fails-mid-stream' })).end,
  },
  {
    question: 'how a stream ends whose function times out after its first bytes',
    assumed: 'cut',
    ask: async (_, asking) => (await askCase(asking, { case: 'times-out' })).end,
  },
  {
    question: 'which @aws-sdk/client-bedrock-agentcore the runtime brings along',
    assumed: 'none',
    ask: async (_, asking) => (await askCase(asking, { case: 'sdk' })).text,
  },
  {
    question: 'what becomes of two calls of one session at the same time',
    assumed: '200 and 200',
    async ask(target) {
      const client = new BedrockAgentCoreClient({ ...clientConfig(target.access), maxAttempts: 1 });
      const runtimeSessionId = randomUUID();
      const call = () => invoke(client, target.agentArn, runtimeSessionId);
      // One before, so that the session is there.
      await call();
      const statuses = await Promise.all([call(), call()]);
      client.destroy();
      return statuses.toSorted((a, b) => a - b).join(' and ');
    },
  },
  {
    question: 'what an agent gets as Content-Type and Accept',
    assumed: 'what the caller sent',
    async ask({ access, agentArn, agentTellsMediaTypes }) {
      if (!agentTellsMediaTypes) return 'not asked: the agent does not tell (AGENTSTREAM_LIVE_MEDIA_TYPES=1 when it does)';
      const client = new BedrockAgentCoreClient(clientConfig(access));
      const { response } = await client.send(
        new InvokeAgentRuntimeCommand({
          agentRuntimeArn: agentArn,
          runtimeSessionId: randomUUID(),
          payload: Buffer.from('{"prompt":"hi"}'),
          contentType: 'application/json; charset=utf-8',
          accept: 'text/event-stream, application/json',
        }),
      );
      const text = (await response?.transformToString()) ?? '';
      client.destroy();
      const told = '{"contentType":"application/json; charset=utf-8","accept":"text/event-stream, application/json"}';
      return text.includes(told) ? 'what the caller sent' : text.trim();
    },
  },
  { question: 'the newest HTTP that an endpoint speaks', assumed: 'http/1.1', ask: (_, { url }) => newestProtocol(new URL(url)) },
];

async function askCase({ url, headers }: Deployed, ask: object): Promise<Seen> {
  return await see(`${url}/invoke`, ask, headers);
}

function describeRefusal({ status, text }: Seen): string {
  return `${status} ${text}`.replaceAll(/"message": ?/g, '"message": ');
}

async function invoke(client: BedrockAgentCoreClient, agentRuntimeArn: string, runtimeSessionId: string): Promise<number> {
  try {
    const { response, statusCode = 0 } = await client.send(
      new InvokeAgentRuntimeCommand({
        agentRuntimeArn,
        runtimeSessionId,
        payload: Buffer.from('{"prompt":"hi"}'),
        contentType: 'application/json',
        accept: 'text/event-stream, application/json',
      }),
    );
    await response?.transformToString();
    return statusCode;
  } catch (error) {
    return (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode ?? 0;
  }
}

/** As the TLS handshake has it; without TLS there is no choice. */
async function newestProtocol({ protocol, hostname }: URL): Promise<string> {
  if (protocol === 'http:') return 'http/1.1';
  return await new Promise((resolve, reject) => {
    const options = { host: hostname, port: 443, servername: hostname };
    const socket = connect({ ...options, ALPNProtocols: ['h2', 'http/1.1'] }, () => {
      resolve(socket.alpnProtocol || 'http/1.1');
      socket.destroy();
    });
    socket.on('error', reject);
  });
}
