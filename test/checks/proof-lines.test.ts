import { expect, test } from 'vitest';
import { proofEventLine, proofLines } from '../../src/checks/proof-lines.ts';
import type { Proof } from '../../src/checks/proof.ts';
import type { ProofProbe } from '../../src/checks/send-probe.ts';
import { PLAIN } from '../helpers/plain-style.ts';
import { serviceCode } from '../../src/cli/error-codes.ts';

const verdict = (name: 'streaming' | 'late first flush' | 'coalesced' | 'buffered') => ({
  name,
  eventsPerRead: 1,
  coalesced: 0,
  firstLagMs: 0,
  medianLagMs: 0,
});

const probe = (number: number, changes: Partial<ProofProbe> = {}): ProofProbe => ({
  number,
  status: 200,
  failure: undefined,
  headersMs: 44,
  ttfbMs: 45,
  gapMs: 100,
  maxGapMs: 104,
  maxSilenceMs: 104,
  heartbeats: 0,
  sentSpanMs: 400,
  initMs: undefined,
  verdict: verdict('streaming'),
  ...changes,
});

const proved: Proof & { type: 'proved' } = {
  type: 'proved',
  attempts: 1,
  waitedMs: 300,
  probes: [probe(1), probe(2)],
  verdict: 'streaming',
  initMs: 142,
  heartbeatLeaves: true,
  holding: undefined,
  trials: [],
  cure: undefined,
};

const text = (proof: Proof): string => proofLines(proof, PLAIN, { stackName: 'x' }).join('\n');

test('a table of the probes, the verdict of all, and the start of the function', () => {
  expect(text(proved)).toBe(
    [
      '  probe  status  headers  first byte     gap  longest gap    verdict',
      '  1         200    44 ms       45 ms  100 ms       104 ms  streaming',
      '  2         200    44 ms       45 ms  100 ms       104 ms  streaming',
      'it streams: 2 of 2 probes',
      'the function starts in 142 ms (cold start)',
    ].join('\n'),
  );
});

test('the cure is a command that sets it', () => {
  const held = { ...proved, verdict: 'late first flush', cure: 'auto', trials: [] } as const;
  expect(text(held)).toContain('it does not stream as it should: late first flush');
  expect(text(held)).toMatch(
    /a write waits for the next one. The flush mode auto cures it here, for 2 bytes at each pause. Nothing has been set; to set it:\n {2}agentstream deploy --stack-name x --flush-mode auto$/,
  );
});

test('without a cure it says what was tried and where to look', () => {
  const trials = [
    { flushMode: 'auto', probes: 2, streaming: 1 },
    { flushMode: 16_384, probes: 2, streaming: 0 },
  ] as const;
  expect(text({ ...proved, verdict: 'coalesced', trials })).toMatch(
    /No flush mode cures it \(tried auto, 16384\): look for a proxy/,
  );
  expect(text({ ...proved, verdict: 'buffered' })).toContain('check the integration (agentstream doctor --stack-name x)');
});

test('one odd probe is not hidden', () => {
  const odd = { ...proved, probes: [probe(1), probe(2, { verdict: verdict('buffered') })] };
  expect(text(odd)).toContain('it streams: 1 of 2 probes; if that stays so: agentstream bench');
});

test('probes that all failed are no proof', () => {
  const failed = {
    ...proved,
    verdict: undefined,
    probes: [probe(1, { verdict: undefined, failure: { code: 'STREAM_CUT', message: '' } })],
  };
  expect(text(failed)).toMatch(/STREAM_CUT\nno probe could be judged; what may be wrong: agentstream doctor --stack-name x\n/);
});

test('an endpoint that does not serve, and one without a probe', () => {
  const failure = { code: serviceCode('HTTP_403'), message: 'the endpoint answered 403: Forbidden' };
  const last = { number: 9, status: 403, failure, retryInMs: undefined };
  const silent: Proof = { type: 'not-serving', attempts: 9, waitedMs: 60_000, last };
  expect(text(silent)).toBe(
    'the endpoint does not serve: the endpoint answered 403: Forbidden\nasked 9 times in 1 min 00 s; what may be wrong: agentstream doctor --stack-name x',
  );
  expect(text({ type: 'no-probe', attempts: 1, waitedMs: 1 })).toContain('has no probe');
});

test('on the way: waiting and trials have a line, probes are in the table', () => {
  const failure = { code: serviceCode('HTTP_403'), message: 'x' };
  const attempt = { type: 'proof-attempt', number: 1, status: 403, failure } as const;
  expect(proofEventLine({ ...attempt, retryInMs: 500 })).toBe(
    'the endpoint does not serve yet (answers 403); asking again in 500 ms',
  );
  expect(proofEventLine({ ...attempt, retryInMs: undefined })).toBeUndefined();
  expect(proofEventLine({ type: 'proof-trial', flushMode: 'auto', probes: 2, streaming: 2 })).toBe(
    'flush mode auto: 2 of 2 probes stream',
  );
  expect(proofEventLine({ type: 'proof-probe', ...probe(1) })).toBeUndefined();
});
