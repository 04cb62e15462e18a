import type { HopFacts, PriceTable } from '../figures/report-schema.ts';
import type { BenchPlan } from '../run/plan.ts';

/** A test for Artillery, before it is written down. */
export interface ExportedTest {
  /** Base URL of the stage. */
  readonly url: string;
  readonly settings: TestSettings;
  readonly conversations: BenchPlan['conversations'];
  /** How many machines share the load. */
  readonly machines: number;
  /** In what the test is not the plan, sentences. */
  readonly notes: readonly string[];
  /** Of this package. */
  readonly version: string;
}

/** The version that tests are written for, and tested with. */
export const ARTILLERY_VERSION = '2.0.34';

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
