import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contractRows } from './contract.ts';
import { findFlushNeed } from './flush-need.ts';
import { POINTS } from './points.ts';
import { type Deployed, openAccount, openEmulator, type Target } from './target.ts';

// The same assertions against the emulator, always, and against an account, when asked: AGENTSTREAM_LIVE=1, AGENTSTREAM_AGENT_ARN
// and what an AWS SDK needs. In the account they deploy three stacks of their own, take some 20 minutes for the silences, cost some
// cents, and print what the account says of the points that AWS does not document.

const ASKING_CODE = readFileSync(new URL('asking-handler.cjs', import.meta.url), 'utf8');
const SHORT_TIMEOUT = (template: string): string => template.replace('Timeout: 900', 'Timeout: 1');
const LIVE_TIMEOUT_MS = 1_500_000;

describe('the emulator', () => {
  suite(openEmulator, (point, answer) => expect(answer).toBe(point.assumed));
});

const { AGENTSTREAM_LIVE: live, AGENTSTREAM_AGENT_ARN: agentArn } = process.env;
const reason =
  live !== '1' ? 'AGENTSTREAM_LIVE is not 1' : agentArn === undefined ? 'AGENTSTREAM_AGENT_ARN names no agent' : undefined;
if (reason === undefined) {
  describe('the account', { timeout: LIVE_TIMEOUT_MS }, () => {
    suite(
      () => Promise.resolve(openAccount(agentArn ?? '', process.env)),
      ({ question, assumed }, answer) => {
        const verdict = answer === assumed ? 'as the emulator assumes' : `the emulator: ${assumed}`;
        process.stderr.write(`settled: ${question}: ${answer} (${verdict})\n`);
      },
    );
  });
} else {
  process.stderr.write(`skipped: conformance of an account, for ${reason}\n`);
  describe.skip(`the account (${reason})`, () => undefined);
}

function suite(open: () => Promise<Target>, onAnswer: (point: (typeof POINTS)[number], answer: string) => void): void {
  let target: Target;
  beforeAll(async () => {
    target = await open();
  }, LIVE_TIMEOUT_MS);
  afterAll(() => target?.close(), LIVE_TIMEOUT_MS);

  describe('the contract', () => {
    let deployed: Deployed;
    beforeAll(async () => {
      deployed = await target.deploy({ stackName: 'agentstream-conformance' });
    }, LIVE_TIMEOUT_MS);
    contractRows(() => ({ target, deployed }));

    test('the function has no need to flush what it writes, or the mode that helps is named', async () => {
      const need = await findFlushNeed(deployed);
      if (target.name === 'the emulator') expect(need).toBe('off');
      else process.stderr.write(`settled: the flush mode that the account needs: ${need ?? 'none helps'}\n`);
    });
  });

  describe('what AWS does not document', () => {
    let asking: Deployed;
    let brief: Deployed;
    beforeAll(async () => {
      const options = { stackName: 'agentstream-points', code: ASKING_CODE };
      asking = await target.deploy(options);
      brief = await target.deploy({ ...options, stackName: 'agentstream-points-brief', edit: SHORT_TIMEOUT });
    }, LIVE_TIMEOUT_MS);

    test.each(POINTS)('$question', async (point) => {
      const isTimeout = point.question.includes('times out');
      onAnswer(point, await point.ask(target, isTimeout ? brief : asking));
    });
  });
}
