import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** The answer to one event, as the runtime has posted it. */
export interface RuntimeAnswer {
  readonly action: string;
  readonly body: string;
  readonly errorType: string | undefined;
}

/**
 * A Runtime API that gives out an event to every poll, whatever is still being worked on: as Lambda does in the multi-concurrency
 * mode of its runtimes (variable AWS_LAMBDA_MAX_CONCURRENCY). The emulator's own gives out one at a time.
 */
export interface ConcurrentRuntimeApi {
  /** Value of AWS_LAMBDA_RUNTIME_API. */
  readonly address: string;
  /** Hands an event to the next poll. */
  invoke(event: object): Promise<RuntimeAnswer>;
  close(): void;
}

export async function startConcurrentRuntimeApi(): Promise<ConcurrentRuntimeApi> {
  const polls: ServerResponse[] = [];
  const events: { readonly id: string; readonly event: object }[] = [];
  const answers = new Map<string, (answer: RuntimeAnswer) => void>();
  let count = 0;

  const dispatch = (): void => {
    const [poll, next] = [polls[0], events[0]];
    if (!poll || !next) return;
    polls.shift();
    events.shift();
    poll.writeHead(200, {
      'content-type': 'application/json',
      'lambda-runtime-aws-request-id': next.id,
      'lambda-runtime-deadline-ms': String(Date.now() + 60_000),
      'lambda-runtime-invoked-function-arn': 'arn:aws:lambda:us-east-1:000000000000:function:f',
    });
    poll.end(JSON.stringify(next.event));
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [, id = '', action = ''] = /\/invocation\/([^/]+)\/(\w+)$/.exec(request.url ?? '') ?? [];
    if (request.method === 'GET') {
      polls.push(response);
      dispatch();
      return;
    }
    const body = (await buffer(request)).toString('utf8');
    response.writeHead(202).end();
    const errorType = request.trailers['lambda-runtime-function-error-type'];
    answers.get(id)?.({ action, body, errorType });
  };

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    async invoke(event) {
      count += 1;
      const id = `request-${count}`;
      return await new Promise((resolve) => {
        answers.set(id, resolve);
        events.push({ id, event });
        dispatch();
      });
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
