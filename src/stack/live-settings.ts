import type { MethodIntegration } from './integrations.ts';

/** A value that was read from a service, or the reason why it could not be read. */
export type Reading<T> =
  | { readonly type: 'known'; readonly value: T }
  | { readonly type: 'unknown'; readonly reason: string };

interface Throttle {
  readonly rateLimit: number | undefined;
  readonly burstLimit: number | undefined;
}

export interface StageSettings {
  readonly throttle: Throttle;
  /** An access log is written. */
  readonly hasAccessLog: boolean;
  /** X-Ray. */
  readonly traces: boolean;
  /** Undefined for a stage without a web ACL. */
  readonly webAclArn: string | undefined;
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
  /** `Active`, `Pending`, `Inactive` or `Failed`; some answers leave it out. */
  readonly state: string | undefined;
  readonly stateReason: string | undefined;
  readonly codeBytes: number;
  readonly variables: Readonly<Record<string, string>>;
  /** Reserved concurrency. */
  readonly reservedConcurrency: number | undefined;
  /** X-Ray. */
  readonly traces: boolean;
}

export interface AuthorizerSettings {
  /** `COGNITO_USER_POOLS` or `REQUEST`. */
  readonly type: string;
  /** ARNs of the user pools, or of the function. */
  readonly arns: readonly string[];
  readonly ttlSeconds: number | undefined;
}

export interface DomainSettings {
  readonly securityPolicy: string;
  /** `AVAILABLE`, `UPDATING` or `PENDING`. */
  readonly status: string;
  /** Name that the DNS record has to point to. */
  readonly target: string;
  /** Paths of the domain that are mapped to the API; the empty path is all of it. */
  readonly paths: readonly string[];
}

/** Current settings of a stack's resources, whatever its template says. */
export interface LiveSettings {
  /** `REGIONAL`, `EDGE` or `PRIVATE`. */
  readonly endpointType: Reading<string>;
  readonly integrations: Reading<readonly MethodIntegration[]>;
  readonly stage: Reading<StageSettings>;
  /** Undefined for an API without keys. */
  readonly plan: Reading<PlanSettings | undefined>;
  readonly function: Reading<FunctionSettings>;
  /** Undefined in auth modes without one. */
  readonly authorizer: Reading<AuthorizerSettings | undefined>;
  /** Undefined without a domain. */
  readonly domain: Reading<DomainSettings | undefined>;
}
