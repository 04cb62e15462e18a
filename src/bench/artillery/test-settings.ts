import type { HopFacts, PriceTable } from '../figures/report-schema.ts';
import type { BenchPlan } from '../run/plan.ts';

/**
 * What an exported test knows beside the phases of its load and its prompts. Plain data: it stands in `processor.mjs` as it is, so no
 * key and no name of an account may be in it.
 */
export interface TestSettings {
  /** Of one machine. */
  readonly plan: Omit<BenchPlan, 'conversations'>;
  readonly auth: TestAuth;
  readonly hop: HopFacts;
  readonly prices: PriceTable;
  /** As given. */
  readonly thresholds: readonly string[];
  readonly maxLagMs: number;
}

/** How the test proves who it is. The key, the token or the credentials are of the machine that runs it. */
export type TestAuth =
  | { readonly type: 'none' | 'api-key' }
  | { readonly type: 'bearer'; readonly header?: string | undefined }
  | { readonly type: 'iam'; readonly region: string };
