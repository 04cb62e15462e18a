import { type PolicyDocument, readPolicy } from '../../iam/policy.ts';
import type { Json } from '../../kernel/resource-provider.ts';

/** What a Lambda authorizer has answered (developer guide, "Output from an API Gateway Lambda authorizer"). */
export interface AuthorizerAnswer {
  readonly principalId: string;
  readonly policy: PolicyDocument;
  /** For the function and the access log; values are text there. */
  readonly context: Readonly<Record<string, string>>;
}

/**
 * Reads the answer of a Lambda authorizer.
 * @returns undefined without `principalId` or a policy, or with a context whose values are lists or objects
 */
export function readAuthorizerAnswer(payload: string): AuthorizerAnswer | undefined {
  try {
    const answer = JSON.parse(payload) as {
      readonly principalId?: unknown;
      readonly policyDocument?: Json;
      readonly context?: Readonly<Record<string, unknown>> | null;
    } | null;
    const { principalId } = answer ?? {};
    if (typeof principalId !== 'string' || principalId === '') return undefined;
    const policy = readPolicy(answer?.policyDocument);
    const context = Object.entries(answer?.context ?? {}).filter(([, value]) => value !== null);
    // "You can't set a JSON object or array as a valid value of any key in the context map."
    if (context.some(([, value]) => typeof value === 'object')) return undefined;
    return {
      principalId,
      policy,
      context: Object.fromEntries(context.map(([name, value]) => [name, String(value)])),
    };
  } catch {
    return undefined;
  }
}
