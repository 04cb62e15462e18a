import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { OperationError } from '../cli/errors.ts';
import type { Credentials, SigningKey } from './authorize.ts';
import { keepToken } from './token-source.ts';

/** Credentials as a worker thread gets them: it asks the thread that owns them, by a port, for those that expire. */
export type ThreadCredentials =
  | Extract<Credentials, { readonly type: 'none' | 'api-key' }>
  | { readonly type: 'iam'; readonly region: string; readonly port: MessagePort }
  | { readonly type: 'bearer'; readonly header?: string | undefined; readonly port: MessagePort };

type Question = { readonly id: number; readonly refused?: string | undefined };

type Answer<T> = { readonly id: number } & ({ readonly value: T } | { readonly failure: Failure });

/** An error as it passes a port, which keeps no class of ours. */
interface Failure extends Partial<Pick<OperationError, 'code' | 'hint'>> {
  readonly message: string;
}

/** AWS credentials that expire sooner than this are renewed, ms, as the SDKs do. */
const EXPIRY_MARGIN_MS = 300_000;

/**
 * Credentials for one worker thread: a token command runs in this thread alone, once for all, as do the AWS credential providers.
 * The port, if there is one, is to be transferred.
 */
export function lendCredentials(credentials: Credentials): ThreadCredentials {
  const { type } = credentials;
  if (type === 'iam') return { type, region: credentials.region, port: answer(() => credentials.credentials()) };
  if (type === 'bearer') return { type, header: credentials.header, port: answer(credentials.token) };
  return credentials;
}

/** In the worker thread: the credentials that it was lent. */
export function borrowCredentials(lent: ThreadCredentials): Credentials {
  if (lent.type === 'bearer') return { type: 'bearer', header: lent.header, token: keepToken(asking(lent.port)) };
  if (lent.type !== 'iam') return lent;
  const ask = asking<SigningKey>(lent.port);
  let key: SigningKey | undefined;
  const credentials = async (): Promise<SigningKey> => {
    const endsAt = key?.expiration?.getTime() ?? Infinity;
    if (!key || endsAt - EXPIRY_MARGIN_MS < Date.now()) key = await ask();
    return key;
  };
  return { type: 'iam', region: lent.region, credentials };
}

function answer(ask: (refused?: string) => Promise<unknown>): MessagePort {
  const { port1: here, port2: there } = new MessageChannel();
  here.on('message', ({ id, refused }: Question) => {
    ask(refused).then(
      (value) => here.postMessage({ id, value }, []),
      (error: unknown) => {
        const { message } = error as Error;
        const known = error instanceof OperationError && { code: error.code, hint: error.hint };
        here.postMessage({ id, failure: { message, ...known } }, []);
      },
    );
  });
  here.unref();
  return there;
}

function asking<T>(port: MessagePort): (refused?: string) => Promise<T> {
  const waiting = new Map<number, (answer: Answer<T>) => void>();
  let count = 0;
  port.on('message', (answered: Answer<T>) => {
    waiting.get(answered.id)?.(answered);
    waiting.delete(answered.id);
  });
  port.unref();
  return async (refused) => {
    count += 1;
    const question: Question = { id: count, refused };
    port.postMessage(question, []);
    const answered = await new Promise<Answer<T>>((resolve) => waiting.set(question.id, resolve));
    if ('value' in answered) return answered.value;
    const { code, message, hint } = answered.failure;
    throw code === undefined ? new Error(message) : new OperationError(code, message, { hint });
  };
}
