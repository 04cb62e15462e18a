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
  /** How the test differs from the plan, in sentences. */
  readonly notes: readonly string[];
  /** Version of agentstream. */
  readonly version: string;
}

/** The version that exported tests require; also the tested one. */
export const ARTILLERY_VERSION = '2.0.34';

/**
 * Settings of an exported test, apart from the phases of its load and its prompts. They are written to `processor.mjs` as plain data, so
 * they hold no key and no account id.
 */
export interface TestSettings {
  /** The share of one machine. */
  readonly plan: Omit<BenchPlan, 'conversations'>;
  readonly auth: TestAuth;
  readonly hop: HopFacts;
  readonly prices: PriceTable;
  /** As given. */
  readonly thresholds: readonly string[];
  readonly maxLagMs: number;
}

/** Authorization of the endpoint. The machine that runs the test supplies the key, token or credentials. */
export type TestAuth =
  | { readonly type: 'none' | 'api-key' }
  | { readonly type: 'bearer'; readonly header?: string | undefined }
  | { readonly type: 'iam'; readonly region: string };
