import { setTimeout as sleep } from 'node:timers/promises';
import { openStream } from '../../helpers/post.ts';
import { chooseProtocol, seeInBrowser, seeOverHttp2 } from '../clients.ts';
import { CannotRun, type Row } from '../row.ts';
import { functionDurations } from './logs.ts';

const PROBE = { count: 10, interval_ms: 100 };
/** Fewer reads mean that events came together. */
const inPieces = (status: number, pieces: number): string =>
  `${status}, ${pieces > PROBE.count / 2 ? 'as it comes' : `in ${pieces} pieces`}`;

/** The newest protocol that an endpoint takes. */
export const ALPN: Row = {
  id: 'B4',
  question: 'the newest HTTP that the endpoint speaks',
  assumed: 'http/1.1',
  ask: async (_, { url }) => (await chooseProtocol(url, { ALPNProtocols: ['h2', 'http/1.1'] })).replace(/^\S+ /, ''),
};

/** Other clients than ours, and clients that go. */
export const CLIENTS: readonly Row[] = [
  {
    id: 'B3',
    question: 'a page in a browser reads a stream',
    assumed: '200, as it comes',
    async ask(_, { url, headers }) {
      const { status, pieces } = await seeInBrowser(`${url}/probe`, PROBE, headers);
      return inPieces(status, pieces);
    },
  },
  ALPN,
  {
    id: 'B4',
    question: 'a stream over HTTP/2, where that is spoken',
    assumed: '200, as it comes',
    async ask(_, { url, headers }) {
      const chosen = await chooseProtocol(url, { ALPNProtocols: ['h2', 'http/1.1'] });
      if (!chosen.endsWith('h2')) throw new CannotRun('the endpoint does not speak HTTP/2');
      const { status, pieces } = await seeOverHttp2(`${url}/probe`, PROBE, headers);
      return inPieces(status, pieces);
    },
  },
  {
    id: 'B16',
    question: 'what a function does whose client has gone',
    assumed: 'it goes on to its end',
    async ask(world, deployed) {
      const lastsMs = 4_000;
      const since = Date.now();
      const stream = await openStream(`${deployed.url}/probe`, { count: 5, interval_ms: lastsMs / 4 }, deployed.headers);
      await stream.next();
      stream.destroy();
      await sleep(lastsMs);
      const durations = await functionDurations(world, deployed, since);
      const longest = Math.max(...durations);
      return longest >= lastsMs * 0.9 ? 'it goes on to its end' : `it ends after ${longest} ms`;
    },
  },
];
