import type { MethodIntegration } from './read-integrations.ts';

/** Something that was asked for: its value, or why nobody knows. */
export type Reading<T> =
  | { readonly type: 'known'; readonly value: T }
  | { readonly type: 'unknown'; readonly reason: string };

export interface Throttle {
  readonly rateLimit: number | undefined;
  readonly burstLimit: number | undefined;
}

export interface StageSettings {
  readonly throttle: Throttle;
  /** An access log is written. */
  readonly hasAccessLog: boolean;
  /** X-Ray. */
  readonly traces: boolean;
  readonly updatedAt: Date | undefined;
}

export interface PlanSettings {
  readonly throttle: Throttle;
  readonly quota: { readonly limit: number; readonly period: string } | undefined;
}

export interface FunctionSettings {
  readonly runtime: string;
  readonly architecture: string;
  readonly memoryMb: number;
  readonly timeoutMs: number;
  /** `Active`, `Pending`, `Inactive` or `Failed`; absent of some answers. */
  readonly state: string | undefined;
  readonly stateReason: string | undefined;
  readonly codeBytes: number;
  readonly variables: Readonly<Record<string, string>>;
  /** Concurrent runs that are kept for it. */
  readonly reservedConcurrency: number | undefined;
}

/** How the resources of a stack are set now, whatever its template says. */
export interface LiveSettings {
  /** `REGIONAL`, `EDGE` or `PRIVATE`. */
  readonly endpointType: Reading<string>;
  readonly integrations: Reading<readonly MethodIntegration[]>;
  readonly stage: Reading<StageSettings>;
  /** Undefined for an API without keys. */
  readonly plan: Reading<PlanSettings | undefined>;
  readonly function: Reading<FunctionSettings>;
}
