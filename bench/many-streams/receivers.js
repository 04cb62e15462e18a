// Three ways to follow many event streams in one process; `bench/receive-path/receivers.js` says what a receiver is.
import autocannon from 'autocannon';
import { Client } from 'undici';
import { follow } from './follow.js';

/** Reads of one from which the sender's time is taken: so few that they cost nothing. */
const SAMPLED = 16;

/** @type {Record<string, import('../receive-path/receivers.js').Receiver>} */
export const RECEIVERS = {
  /** Nothing is decoded and nothing measured. */
  'undici dispatch': async (url, streams, sample) => {
    let reads = 0;
    const client = () => new Client(url, { allowH2: false, headersTimeout: 0, bodyTimeout: 0, connectTimeout: 0 });
    const receive = () =>
      /** @type {Promise<void>} */ (
        new Promise((resolve, reject) => {
          client().dispatch(
            { method: 'POST', path: '/invoke', body: '{"prompt":"go"}' },
            {
              onRequestStart: () => undefined,
              onResponseData(_controller, bytes) {
                const at = performance.now();
                reads += 1;
                if (reads % SAMPLED === 0) sample(textOf(bytes), at);
              },
              onResponseEnd: () => resolve(),
              onResponseError: (_controller, error) => reject(error),
            },
          );
        })
      );
    await Promise.all(Array.from({ length: streams }, receive));
    return reads;
  },

  agentstream: async (url, streams, sample) => {
    let reads = 0;
    const { events, ok, outcomes } = await follow(url, { startLevel: streams, turns: streams }, (part) => {
      if (part.type !== 'chunk') return;
      reads += 1;
      if (reads % SAMPLED === 0) sample(textOf(part.bytes), part.at);
    });
    if (ok !== streams) {
      throw new Error(`${ok} of ${streams} streams were ok: ${JSON.stringify(outcomes)}`);
    }
    return events;
  },

  autocannon: async (url, streams, sample) => {
    let clients = 0;
    let reads = 0;
    await autocannon({
      url: `${url}/invoke`,
      method: 'POST',
      body: '{"prompt":"go"}',
      connections: streams,
      amount: streams,
      setupClient(client) {
        clients += 1;
        // It has no times of reads: those of one connection in so many are taken here.
        if (clients % SAMPLED !== 0) return;
        client.on('body', (bytes) => {
          reads += 1;
          sample(textOf(bytes), performance.now());
        });
      },
    });
    return reads * SAMPLED;
  },
};

/** @param {Uint8Array} bytes */
function textOf(bytes) {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  return text.slice(text.indexOf('"') + 1);
}
