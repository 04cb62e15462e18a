import type { TurnRecord } from './turn-record.ts';

/** Whether a stream had begun, however it ended: the body of a refusal is none. */
export function isStream({ metrics, outcome }: TurnRecord): boolean {
  return metrics.reads > 0 && outcome !== 'http-error' && outcome !== 'gateway-error';
}

/** Whether a turn failed: we had not given it up, and it did not end well. */
export function isFailure(outcome: TurnRecord['outcome']): boolean {
  return outcome !== 'ok' && outcome !== 'unfinished' && outcome !== 'cancelled';
}
