/** Rules that requests to a resource are looked at with. */
export interface WebAcl {
  readonly name: string;
  readonly id: string;
  readonly arn: string;
  readonly scope: 'REGIONAL' | 'CLOUDFRONT';
  readonly defaultAction: WafAction;
  /** By rising priority. */
  readonly rules: readonly WafRule[];
}

export type WafAction = 'allow' | 'block' | 'count';

export interface WafRule {
  readonly name: string;
  readonly priority: number;
  readonly statement: RateBasedStatement | ManagedRuleGroup;
  readonly action: WafAction;
}

export interface RateBasedStatement {
  readonly type: 'rate';
  /** Requests in the window that are let be. */
  readonly limit: number;
  readonly windowSeconds: number;
  /** What is counted together: the requests of an address, or all. */
  readonly by: 'IP' | 'CONSTANT';
}

/** A rule group of AWS's. The emulator has none of their rules: nothing matches. */
export interface ManagedRuleGroup {
  readonly type: 'managed';
  readonly name: string;
}
