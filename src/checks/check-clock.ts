import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { Finding } from './check.ts';

/** Signatures hold for five minutes (IAM user guide, "AWS Signature Version 4 for API requests"). */
const MAX_SKEW_MS = 300_000;
/** From here on it is worth a word. */
const NOTABLE_SKEW_MS = 60_000;

/**
 * Watches what time AWS says it is, in the answers to a client's calls.
 * @param nowMs this machine's clock, epoch ms
 * @returns a function that gives how far this clock is ahead, ms, positive or negative; undefined before the first answer
 */
export function watchClock(
  client: CloudFormationClient,
  nowMs: () => number,
): () => number | undefined {
  let aheadMs: number | undefined;
  client.middlewareStack.add(
    (next) => async (args) => {
      const sentMs = nowMs();
      const result = await next(args);
      const { headers } = result.response as { readonly headers?: Record<string, string> };
      const date = Date.parse(headers?.['date'] ?? '');
      // AWS cuts the second off; half of it, and half of the way there and back, is the best guess.
      if (!Number.isNaN(date)) aheadMs = (sentMs + nowMs()) / 2 - (date + 500);
      return result;
    },
    // Below the deserializer, which throws for errors: these have a date, too.
    { step: 'deserialize', name: 'watchClock', priority: 'low' },
  );
  return () => aheadMs;
}

/** @param aheadMs this machine's clock before AWS's */
export function checkClock(aheadMs: number | undefined): Finding {
  const name = 'clock';
  if (aheadMs === undefined) return { name, status: 'note', text: 'the clock was not checked' };
  const skewMs = Math.abs(aheadMs);
  const direction = aheadMs > 0 ? 'ahead of' : 'behind';
  const text = `the clock of this machine is ${describe(skewMs)} ${direction} AWS`;
  const fix = 'set the clock by NTP';
  if (skewMs >= MAX_SKEW_MS) {
    return { name, status: 'failed', text: `${text}: signatures are refused`, fix };
  }
  if (skewMs >= NOTABLE_SKEW_MS) return { name, status: 'warning', text, fix };
  return { name, status: 'ok', text: 'the clock of this machine is right' };
}

function describe(ms: number): string {
  return ms < 120_000 ? `${Math.round(ms / 1_000)} s` : `${Math.round(ms / 60_000)} min`;
}
