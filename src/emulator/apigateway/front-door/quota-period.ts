import type { Quota } from '../usage-plan.ts';

/**
 * When the period of a quota began in which a moment falls, as epoch milliseconds. Days, weeks (from Sunday) and months in UTC: the
 * API reference of QuotaSettings names the periods, and not their borders.
 */
export function quotaPeriodStart(period: Quota['period'], at: Date): number {
  const [year, month, day] = [at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()];
  switch (period) {
    case 'DAY':
      return Date.UTC(year, month, day);
    case 'WEEK':
      return Date.UTC(year, month, day - at.getUTCDay());
    case 'MONTH':
      return Date.UTC(year, month, 1);
  }
}
