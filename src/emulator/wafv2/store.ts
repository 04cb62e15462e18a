import { AwsError } from '../kernel/aws-error.ts';
import type { readWebAcl } from './read-web-acl.ts';

/** Web ACLs by ARN, and the ARN of each resource's web ACL by the resource's ARN. */
export type WafStore = { readonly webAcls: Map<string, WebAcl>; readonly associations: Map<string, string> };

/** The rules that inspect requests to a resource. */
export interface WebAcl extends ReturnType<typeof readWebAcl> {
  readonly name: string;
  readonly id: string;
  readonly arn: string;
}

/** API reference, WAFNonexistentItemException. @param what added to AWS's message */
export function nonexistent(what?: string): AwsError {
  const message = 'AWS WAF couldn’t perform the operation because your resource doesn’t exist';
  return new AwsError('WAFNonexistentItemException', 400, what === undefined ? `${message}.` : `${message}: ${what}`);
}
