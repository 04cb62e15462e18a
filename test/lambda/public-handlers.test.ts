import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FAULT_HEADER } from '../../src/emulator/index.ts';
import { type ActingAgent, createActingAgent, createGate } from '../helpers/acting-agent.ts';
import { openStream, send } from '../helpers/post.ts';
import { type CustomChain, startCustomChain } from './custom-chain.ts';
import { SECRET } from './fault-table/start-chain.ts';
import { functionProcesses } from './function-processes.ts';
import { findRuntimeClient } from './runtime-client/find-runtime-client.ts';

const read = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/**
 * Handlers take the SDK from the runtime, as in Lambda: there it is in this variable's folders, too. It tries once: that it would call
 * a throttled agent three times is not what this is about.
 */
const SDK = { NODE_PATH: read('../../node_modules'), AWS_MAX_ATTEMPTS: '1' };

/** What a client sees. `lost` is the gateway's own 502: no status, no headers and no body of the function have come. */
type Seen = 'lost' | 'cut' | { readonly status: number; readonly text: RegExp };

/** What becomes of each style, fault by fault. */
const STYLES: readonly {
  readonly file: string;
  readonly throttled: Seen;
  readonly denied: Seen;
  readonly empty: Seen;
  readonly cutMidStream: Seen;
  readonly diesOfTheCut: boolean;
  readonly bodyNull: Seen;
  readonly badJson: Seen;
  readonly headersWait: boolean;
}[] = [
  {
    file: 'sdk-pipeline.cjs',
    throttled: { status: 500, text: /^\{"error":"Rate exceeded"\}$/ },
    denied: { status: 500, text: SECRET },
    empty: 'lost',
    cutMidStream: 'cut',
    diesOfTheCut: true,
    bodyNull: 'lost',
    badJson: { status: 400, text: /Invalid JSON/ },
    headersWait: true,
  },
  {
    file: 'for-await-write.cjs',
    throttled: { status: 200, text: /^event: error\ndata: \{"error":"Rate exceeded"\}\n\n$/ },
    denied: { status: 200, text: SECRET },
    empty: 'lost',
    cutMidStream: { status: 200, text: /^data: "ok"\n\nevent: error\ndata: \{"error":"aborted"\}\n\n$/ },
    diesOfTheCut: false,
    bodyNull: 'lost',
    badJson: 'lost',
    headersWait: true,
  },
  {
    file: 'hand-written-prelude.cjs',
    throttled: { status: 200, text: /^Error: Rate exceeded$/ },
    denied: { status: 200, text: SECRET },
    empty: { status: 200, text: /^$/ },
    cutMidStream: { status: 200, text: /^data: "ok"\n\nError: aborted$/ },
    diesOfTheCut: false,
    bodyNull: { status: 200, text: /^Error: / },
    badJson: { status: 200, text: /^Error: / },
    headersWait: false,
  },
];

describe('under the emulator', () => styleRows({}));

for (const name of ['aws-lambda-ric', 'aws-lambda-ric-3']) {
  const client = findRuntimeClient(name);
  if (client.type === 'missing') {
    process.stderr.write(`skipped: public handlers under ${name}: ${client.reason}\n`);
    test.skip(`under ${name} (${client.reason})`, () => undefined);
  } else {
    describe(`under aws-lambda-ric ${client.version}`, () => styleRows(client.variables));
  }
}

function styleRows(variables: Readonly<Record<string, string>>): void {
  describe.each(STYLES)('$file', (style) => {
    let agent: ActingAgent;
    let chain: CustomChain;
    beforeAll(async () => {
      agent = createActingAgent();
      chain = await startCustomChain(agent, {
        code: readFileSync(read(`../fixtures/handlers/${style.file}`), 'utf8'),
        variables: { ...SDK, ...variables },
      });
    });
    afterAll(() => chain.close());

    const see = (seen: Seen, body: unknown, headers: Record<string, string> = {}) =>
      expectSeen(seen, send('POST', `${chain.url}/invoke`, body, headers));

    test('works', async () => {
      await see({ status: 200, text: /^data: "ok"\n\n$/ }, { prompt: 'hi' });
    });

    test.each([
      ['throttle', style.throttled],
      ['denied', style.denied],
      ['empty', style.empty],
    ])('%s', async (fault, seen) => {
      await see(seen, { prompt: 'hi' }, { [FAULT_HEADER]: fault });
    });

    test.each([
      ['null', style.bodyNull],
      ['{"prompt":', style.badJson],
    ])('the body %s', async (body, seen) => {
      await see(seen, body);
    });

    test('an agent that breaks off', async () => {
      await see({ status: 200, text: /ok/ }, { prompt: 'warm' });
      const [before] = functionProcesses(chain.functionName);
      await see(style.cutMidStream, { prompt: 'hi' }, { [FAULT_HEADER]: 'cut:1' });
      await see({ status: 200, text: /ok/ }, { prompt: 'again' });
      const pids = functionProcesses(chain.functionName).map(({ pid }) => pid);
      expect(pids.includes(before?.pid ?? 0)).toBe(!style.diesOfTheCut);
    });

    test('an agent that is slow to begin', async () => {
      const gate = createGate();
      agent.on('slow', { acts: [{ wait: gate.promise }, { write: 'data: 1\n\n' }] });
      const opened = openStream(`${chain.url}/invoke`, { prompt: 'slow' });
      const first = await Promise.race([opened, sleep(300, 'nothing')]);
      expect(first === 'nothing').toBe(style.headersWait);
      gate.open();
      expect(await (await opened).rest()).toBe('data: 1\n\n');
    });
  });
}

async function expectSeen(seen: Seen, answer: ReturnType<typeof send>): Promise<void> {
  if (seen === 'cut') {
    await expect(answer).rejects.toThrow();
    return;
  }
  const { status, text } = await answer;
  if (seen === 'lost') {
    expect([status, JSON.parse(text)]).toEqual([502, { message: 'Internal server error' }]);
  } else {
    expect(status).toBe(seen.status);
    expect(text).toMatch(seen.text);
  }
}
