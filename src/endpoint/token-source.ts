import { spawn } from 'node:child_process';
import { parseMembers } from '../agent-events/json-value.ts';
import { OperationError } from '../cli/errors.ts';
import type { TokenSource } from './authorize.ts';

/** A token that ends sooner than this is not sent any more, ms: the turn has to reach the endpoint with it. */
const MARGIN_MS = 60_000;

/** A command that asks a person to log in takes its time; one that hangs must not hang us, ms. */
const COMMAND_TIMEOUT_MS = 120_000;

/** The form of a bearer token (RFC 6750, "Authorization Request Header Field": b64token). */
const TOKEN_PATTERN = /^[\w~+/.-]+=*$/;

/**
 * The source of a token that was given, or of a command that prints one.
 * @param origin.command a shell command that prints a token
 * @param now ms since the epoch
 * @throws {OperationError} from the returned function: TOKEN_COMMAND_FAILED, INVALID_TOKEN. No error contains a token
 */
export function createTokenSource(
  { token, command }: { readonly token?: string | undefined; readonly command?: string | undefined },
  now: () => number = Date.now,
  timeoutMs: number = COMMAND_TIMEOUT_MS,
): TokenSource {
  if (token !== undefined || command === undefined) return async () => checkToken(token ?? '', 'the token');
  const ask = async (): Promise<string> => checkToken(await firstLineOf(command, timeoutMs), 'the output of --token-command');
  return keepToken(ask, now);
}

/**
 * Keeps the token of a source and asks the source again only when the token is about to expire by its own `exp`, or was refused.
 * Concurrent callers share one request to the source; a failure is not kept.
 * @param now ms since the epoch
 */
export function keepToken(ask: TokenSource, now: () => number = Date.now): TokenSource {
  let last: string | undefined;
  let asking: Promise<string> | undefined;
  return async (refused) => {
    const isGood = last !== undefined && last !== refused && now() < (expiryOf(last) ?? Infinity) - MARGIN_MS;
    if (isGood) return last as string;
    asking ??= ask(refused).finally(() => (asking = undefined));
    last = await asking;
    return last;
  };
}

/** The `exp` of a JWT, ms since the epoch; undefined for a token without one. Nothing is verified. */
function expiryOf(token: string): number | undefined {
  const { exp } = parseMembers(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
  return typeof exp === 'number' ? exp * 1_000 : undefined;
}

/** People give tokens with the word Bearer in front and a newline behind. */
function checkToken(text: string, what: string): string {
  const token = text.trim().replace(/^Bearer\s+/i, '');
  if (TOKEN_PATTERN.test(token)) return token;
  throw new OperationError('INVALID_TOKEN', `${what} is malformed${token === '' ? ': it is empty' : ''}`, {
    hint: 'a token has the characters A-Z a-z 0-9 - . _ ~ + / and = at its end',
  });
}

/** Stderr of the command goes to the terminal: the command may print there where to log in. */
function firstLineOf(command: string, timeoutMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, { shell: true, stdio: ['ignore', 'pipe', 'inherit'], timeout: timeoutMs });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    child.once('error', (error) => reject(commandFailed(error.message)));
    child.once('exit', (_status, signal) => {
      // Processes that the shell started may go on and keep its output open.
      if (signal) child.stdout.destroy();
    });
    child.once('close', (status, signal) => {
      if (status === 0) resolve(text.split('\n', 1)[0] ?? '');
      else reject(commandFailed(signal ? `it was ended by ${signal}` : `status ${status}`));
    });
  });
}

function commandFailed(reason: string): OperationError {
  return new OperationError('TOKEN_COMMAND_FAILED', `--token-command failed (${reason})`, {
    hint: 'it is run in a shell and has to print a token, on the first line',
  });
}
