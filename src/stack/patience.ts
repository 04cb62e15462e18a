import { setTimeout as sleep } from 'node:timers/promises';
import { passingTrouble } from '../aws/passing-trouble.ts';
import type { OnStackReport } from './stack-report.ts';
import type { StackTiming } from './stack-timing.ts';

/** Makes a call that may be repeated; rejects with the call's own error. */
export type Patience = <T>(call: () => Promise<T>) => Promise<T>;

const WORDS = {
  network: 'AWS cannot be reached: what was begun goes on there, trying again',
  throttled: 'AWS refuses to be asked that often: asking more slowly',
};

/**
 * Sits out a cut network and a throttled control plane, and says so once each time. A network that never worked is not waited for:
 * then it is an address that is wrong.
 */
export function createPatience(input: {
  readonly timing: StackTiming;
  readonly onEvent: OnStackReport;
  readonly signal: AbortSignal;
}): Patience {
  const { timing, onEvent, signal } = input;
  let hasAnswered = false;
  return async (call) => {
    let since: number | undefined;
    let waitMs = timing.retryMs;
    for (;;) {
      try {
        const answer = await call();
        hasAnswered = true;
        if (since !== undefined) onEvent({ type: 'note', text: 'AWS answers again' });
        return answer;
      } catch (error) {
        const trouble = passingTrouble(error);
        if (signal.aborted || !trouble || (trouble === 'network' && !hasAnswered)) throw error;
        const now = performance.now();
        if (since === undefined) onEvent({ type: 'note', text: WORDS[trouble] });
        since ??= now;
        if (now - since >= timing.patienceMs) throw error;
        await sleep(waitMs, undefined, { signal });
        waitMs = Math.min(waitMs * 2, timing.maxRetryMs);
      }
    }
  };
}
