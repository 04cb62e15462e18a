import { AwsError } from '../kernel/aws-error.ts';

/** Web ACLs by ARN, and the ARN of each resource's web ACL by the resource's ARN. */
export interface WafStore {
  readonly webAcls: Map<string, WebAcl>;
  readonly associations: Map<string, string>;
}

/** The rules that inspect requests to a resource. */
export interface WebAcl {
  readonly name: string;
  readonly id: string;
  readonly arn: string;
  readonly scope: 'REGIONAL' | 'CLOUDFRONT';
  readonly defaultAction: WafAction;
  /** In evaluation order: by rising priority. */
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
  /** Requests within the window that do not match yet. */
  readonly limit: number;
  readonly windowSeconds: number;
  /** The aggregate key: the requests of each address, or all together. */
  readonly by: 'IP' | 'CONSTANT';
}

/** A rule group that AWS manages. The emulator has none of its rules, so nothing matches. */
interface ManagedRuleGroup {
  readonly type: 'managed';
  readonly name: string;
}

/** API reference, WAFNonexistentItemException. @param what added to AWS's message */
export function nonexistent(what?: string): AwsError {
  const message = 'AWS WAF couldn’t perform the operation because your resource doesn’t exist';
  return new AwsError('WAFNonexistentItemException', 400, what === undefined ? `${message}.` : `${message}: ${what}`);
}
