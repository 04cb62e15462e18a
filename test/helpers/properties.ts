import fc from 'fast-check';
import { beforeEach, expect } from 'vitest';

/** Set by `npm run fuzz`: how many times as many cases as in the suite, and a seed. The suite takes the same cases in each run. */
const { AGENTSTREAM_FUZZ_TIMES, AGENTSTREAM_FUZZ_SEED } = process.env;

/** @returns how many cases a property is tried with that takes so many in the suite */
export function cases(inSuite: number): number {
  return Math.ceil(inSuite * Number(AGENTSTREAM_FUZZ_TIMES ?? 1));
}

let startedAt = 0;
beforeEach(() => {
  startedAt = performance.now();
});

// As a setup file this is run for each file of tests.
fc.configureGlobal({
  seed: Number(AGENTSTREAM_FUZZ_SEED ?? 1),
  numRuns: cases(100),
  reporter(details) {
    if (AGENTSTREAM_FUZZ_SEED !== undefined) {
      const count = String(details.numRuns).padStart(9);
      const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1).padStart(7);
      process.stdout.write(`${count} cases ${seconds} s  ${expect.getState().currentTestName}\n`);
    }
    if (details.failed) throw new Error(fc.defaultReportMessage(details), { cause: details.errorInstance });
  },
});
