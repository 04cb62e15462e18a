import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { echoAgent, type EmulatorEvent, parseFault } from '../../../src/emulator/index.ts';
import { type Chain, startChain } from '../../helpers/chain.ts';
import { json, openStream, send } from '../../helpers/post.ts';

let chain: Chain;
let own: Chain | undefined;
beforeAll(async () => {
  chain = await startChain(echoAgent(), { parameters: { RateLimit: '1000', BurstLimit: '1000' } });
});
afterAll(() => chain.close());
afterEach(async () => {
  await own?.close();
  own = undefined;
});

const WORDS = ['data: "one "', 'data: "two "', 'data: "three"'];
const turn = (fault?: string, { url } = chain) =>
  send('POST', `${url}/invoke`, { prompt: 'one two three' }, fault ? { 'x-emulator-fault': fault } : {});
/** The events of the agent, without what the function adds to them. */
const wordsOf = (text: string): string[] => text.split('\n').filter((line) => line.startsWith('data: "'));
const faultsOf = (events: readonly EmulatorEvent[]) =>
  events.filter((event) => event.type === 'fault').map(({ fault, place }) => `${fault} ${place}`);

test('a fault of the header meets that request and no other, also at the same time', async () => {
  const before = chain.events.length;
  const answers = await Promise.all(['cut:1', undefined, 'throttle', undefined, 'cut:2'].map((fault) => turn(fault)));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 429, 200, 200]);
  expect(answers.map(({ text }) => wordsOf(text).length)).toEqual([1, 3, 0, 3, 2]);
  expect(answers.map(({ text }) => text.includes('event: error'))).toEqual([true, false, false, false, true]);
  expect(faultsOf(chain.events.slice(before)).toSorted()).toEqual(['cut:1 agent', 'cut:2 agent', 'throttle agent']);
  // The environments have been told of nothing that stays.
  expect((await Promise.all([turn(), turn(), turn()])).map(({ text }) => wordsOf(text))).toEqual([WORDS, WORDS, WORDS]);
});

test('what the texts of AgentCore name stays behind the endpoint', async () => {
  const denied = await turn('denied');
  expect(denied.status).toBeGreaterThanOrEqual(400);
  expect(denied.text).not.toMatch(/arn:|assumed-role|000000000000/);
});

test('a crash in mid-stream is a cut, and the next request starts cold', async () => {
  own = await startChain(echoAgent());
  await turn(undefined, own);
  const stream = await openStream(`${own.url}/invoke`, { prompt: 'one two three' }, { 'x-emulator-fault': 'crash' });
  expect(stream.status).toBe(200);
  await expect(stream.rest()).rejects.toThrow();
  const timing = async () => (await turn(undefined, own)).headers['server-timing'];
  expect(await timing()).toMatch(/init;dur=/);
  expect(await timing()).not.toMatch(/init;dur=/);
});

test('several faults at once', async () => {
  const before = chain.events.length;
  const answer = await turn('buffered, stall:1ms');
  expect(wordsOf(answer.text)).toEqual(WORDS);
  expect(faultsOf(chain.events.slice(before)).toSorted()).toEqual(['buffered function', 'stall:1ms:1 agent']);
});

test('a header that means no fault is refused, and says which there are', async () => {
  const answer = await turn('explode');
  expect(answer.status).toBe(400);
  expect(json(answer)['message']).toMatch(/^x-emulator-fault: not a fault: explode .*kinds: cut:N, .*buffered$/);
});

test('the emulator’s own faults meet what asks for none itself, on every hop', async () => {
  own = await startChain(echoAgent(), { faults: [parseFault('cut:1')] });
  expect(wordsOf((await turn(undefined, own)).text)).toHaveLength(1);
  expect(wordsOf((await turn('held:1', own)).text)).toEqual(WORDS);
  expect(faultsOf(own.events)).toEqual(['cut:1 agent', 'held:1 function']);
});
