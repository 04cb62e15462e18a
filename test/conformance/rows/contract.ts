import { json, openStream, send } from '../../helpers/post.ts';
import { see } from '../clients.ts';
import type { Deployed, Row } from '../row.ts';

const COUNT = 10;
const INTERVAL_MS = 100;
/** No ARN, account id or role name ever leaves. */
const SECRET = /arn:|\d{12}/;

/** A promise of ours: the same wherever the stack stands. */
const promise = (question: string, assumed: string, ask: (deployed: Deployed) => Promise<string>, turns = 0): Row => ({
  id: 'contract',
  question,
  assumed,
  turns,
  ask: (_, deployed) => ask(deployed),
});

/** The wire contract of the deployed endpoint, with an API key. */
export const CONTRACT: readonly Row[] = [
  promise(
    'a probe streams: each event comes before the last is made',
    '200 whole text/event-stream, 10 events',
    async (deployed) => {
      const { url, headers } = deployed;
      const seen = await see(`${url}/probe`, { count: COUNT, interval_ms: INTERVAL_MS }, headers);
      const events = seen.text.match(/^event: probe$/gm)?.length ?? 0;
      const { firstByteMs = Infinity } = seen;
      const late = firstByteMs < seen.headersMs + (COUNT - 1) * INTERVAL_MS ? '' : ', at once at the end';
      return `${seen.status} ${seen.end} ${String(seen.headers['content-type'])}, ${events} events${late}`;
    },
  ),
  promise(
    'a turn has its session, its timing and its headers',
    'all',
    async ({ url, headers: given }) => {
      const { status, headers } = await send('POST', `${url}/invoke`, { prompt: 'hi' }, given);
      const wanted: Readonly<Record<string, RegExp>> = {
        'content-type': /^text\/event-stream/,
        'cache-control': /^no-cache, no-transform$/,
        'x-content-type-options': /^nosniff$/,
        'access-control-allow-origin': /^\*$/,
        'x-session-id': /^[0-9a-f-]{36}$/,
        'server-timing': /agentcore;dur=[\d.]+/,
        'x-amzn-requestid': /./,
      };
      const missing = Object.entries(wanted).filter(([name, form]) => !form.test(String(headers[name] ?? '')));
      return status === 200 && missing.length === 0 ? 'all' : `${status}, not ${missing.map(([name]) => name).join(', ')}`;
    },
    1,
  ),
  promise('DELETE stops what a session is doing', '200 stopped', (deployed) => stopTurn(deployed, ''), 1),
  promise('DELETE with the qualifier of the turn', '200 stopped', (deployed) => stopTurn(deployed, 'DEFAULT'), 1),
  promise('DELETE of a session that does not exist', '404', async ({ url, headers }) => {
    const session = { ...headers, 'X-Session-Id': `none-${'0'.repeat(40)}` };
    return String((await send('DELETE', `${url}/invoke`, undefined, session)).status);
  }),
  ...(
    [
      ['no prompt', {}, '400 INVALID_REQUEST *'],
      ['a short session id', { prompt: 'hi', session_id: 'short' }, '400 INVALID_SESSION_ID *'],
      ['an AgentCore endpoint that does not exist', { prompt: 'hi', qualifier: 'nobody' }, '404 AGENT_NOT_FOUND *'],
    ] as const
  ).map(([what, body, assumed]) =>
    promise(`${what} is refused with its status, code and CORS, and names nothing`, assumed, async ({ url, headers }) => {
      const answer = await send('POST', `${url}/invoke`, body, headers);
      const code = String(json(answer)['code']);
      const told = SECRET.test(answer.text) ? ' and tells too much' : '';
      return `${answer.status} ${code} ${String(answer.headers['access-control-allow-origin'])}${told}`;
    }),
  ),
  promise('no key, and an unknown path', '403 * and 403 *', async ({ url }) => {
    const answers = [await send('POST', `${url}/invoke`, { prompt: 'hi' }), await send('POST', `${url}/nothing`, {})];
    return answers.map(({ status, headers }) => `${status} ${String(headers['access-control-allow-origin'])}`).join(' and ');
  }),
  promise('a preflight request is answered', '204 POST,DELETE,OPTIONS', async ({ url }) => {
    const { status, headers } = await send('OPTIONS', `${url}/invoke`);
    return `${status} ${String(headers['access-control-allow-methods'])}`;
  }),
];

async function stopTurn({ url, headers }: Deployed, qualifier: string): Promise<string> {
  const stream = await openStream(`${url}/invoke`, { prompt: 'go on', ...(qualifier && { qualifier }) }, headers);
  await stream.next();
  const session = { ...headers, 'X-Session-Id': String(stream.headers['x-session-id']) };
  const query = qualifier && `?qualifier=${qualifier}`;
  const stopped = await send('DELETE', `${url}/invoke${query}`, undefined, session);
  stream.destroy();
  return `${stopped.status} ${String(json(stopped)['status'])}`;
}
