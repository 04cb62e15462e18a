import type { BenchPlan } from '../run/plan.ts';
import type { TestSettings } from './test-settings.ts';

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
