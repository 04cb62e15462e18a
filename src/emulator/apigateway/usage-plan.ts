export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly value: string;
  readonly description: string | undefined;
  readonly enabled: boolean;
  readonly tags: Readonly<Record<string, string>>;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** Which keys may call which stages, how often. */
export interface UsagePlan {
  readonly id: string;
  readonly name: string;
  readonly description: string | undefined;
  readonly apiStages: readonly { readonly apiId: string; readonly stage: string }[];
  readonly throttle: { readonly burstLimit: number; readonly rateLimit: number } | undefined;
  readonly quota: Quota | undefined;
  readonly tags: Readonly<Record<string, string>>;
  /** Ids of its API keys. */
  readonly keyIds: ReadonlySet<string>;
}

export interface Quota {
  readonly limit: number;
  readonly offset: number;
  readonly period: 'DAY' | 'WEEK' | 'MONTH';
}
