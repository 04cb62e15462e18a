import {
  AbortError,
  type AgentstreamError,
  type ErrorDetail,
  InconclusiveError,
  OperationError,
  ThresholdError,
} from '../../cli/errors.ts';
import type { BenchReport } from './report.ts';
import type { OutcomeCount } from './summary.ts';

/**
 * What a run's end means for a script, by the exit codes of bench: interrupted, cannot judge, the target failed, a threshold
 * failed. The first that holds.
 * @param detail goes with the error
 * @returns undefined for a good run
 */
export function runFailure(
  { run, summary }: Pick<BenchReport, 'run' | 'summary'>,
  detail: ErrorDetail = {},
): AgentstreamError | undefined {
  const { counts, validity, thresholds, outcomes } = summary;
  if (run.stoppedBy === 'interrupt') {
    return new AbortError('interrupted: the report is of the turns until then', detail);
  }
  if (!validity.valid) {
    return new InconclusiveError(
      'INVALID_RUN',
      'the run is not valid: this client was the bottleneck',
      { ...detail, hint: validity.reasons[0] },
    );
  }
  if (counts.sent === 0) {
    return new InconclusiveError('NO_TURN', 'no turn was sent after the warm-up', detail);
  }
  if (counts.ok === 0) {
    return new OperationError('NO_GOOD_STREAM', 'no stream was ok', {
      ...detail,
      hint: describeWorst(outcomes),
    });
  }
  const failed = thresholds.filter(({ result }) => result === 'fail');
  if (failed.length > 0) {
    return new ThresholdError(
      'THRESHOLD_FAILED',
      `a threshold does not hold: ${failed.map(({ threshold }) => threshold).join(', ')}`,
      { ...detail, hint: failed.map(({ measured }) => measured).join('; ') },
    );
  }
  const open = thresholds.filter(({ result }) => result === 'cannot-judge');
  if (open.length > 0) {
    return new InconclusiveError(
      'TOO_FEW_TURNS',
      `too few turns to judge: ${open.map(({ threshold }) => threshold).join(', ')}`,
      { ...detail, hint: open.map(({ measured }) => measured).join('; ') },
    );
  }
  return undefined;
}

/** The most frequent outcome, with what explains it. */
function describeWorst(outcomes: readonly OutcomeCount[]): string | undefined {
  const [worst] = outcomes.toSorted((a, b) => b.count - a.count);
  if (!worst) return undefined;
  const { outcome, code, status, explanation, count } = worst;
  const name = [outcome, status, code].filter((part) => part !== undefined).join(' ');
  return `${count} of them ${name}${explanation === undefined ? '' : `: ${explanation}`}`;
}
