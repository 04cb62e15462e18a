import { readPolicy } from '../../iam/policy.ts';
import type { Json } from '../../kernel/resource-provider.ts';

/** Output of a Lambda authorizer (developer guide, "Output from an API Gateway Lambda authorizer"). */
export type AuthorizerOutput = NonNullable<ReturnType<typeof readAuthorizerOutput>>;

/** @returns `context` as text, for the function and the access log; undefined without `principalId` or a policy, and for a context with a list or an object as a value */
export function readAuthorizerOutput(payload: string) {
  try {
    const output = JSON.parse(payload) as {
      readonly principalId?: unknown;
      readonly policyDocument?: Json;
      readonly context?: Readonly<Record<string, unknown>> | null;
    } | null;
    const { principalId } = output ?? {};
    if (typeof principalId !== 'string' || principalId === '') return undefined;
    const policy = readPolicy(output?.policyDocument);
    const context = Object.entries(output?.context ?? {}).filter(([, value]) => value !== null);
    // "You can't set a JSON object or array as a valid value of any key in the context map."
    if (context.some(([, value]) => typeof value === 'object')) return undefined;
    return { principalId, policy, context: Object.fromEntries(context.map(([name, value]) => [name, String(value)])) };
  } catch {
    return undefined;
  }
}

/** Outputs of Lambda authorizers, cached for the authorizer's time to live. */
export type AuthorizerCache = ReturnType<typeof createAuthorizerCache>;

export function createAuthorizerCache() {
  const entries = new Map<string, { readonly output: AuthorizerOutput; readonly until: number }>();
  return {
    get(key: string): AuthorizerOutput | undefined {
      const entry = entries.get(key);
      if (entry && entry.until > performance.now()) return entry.output;
      entries.delete(key);
      return undefined;
    },
    /** @param ttlMs 0 does not cache */
    put(key: string, output: AuthorizerOutput, ttlMs: number): void {
      if (ttlMs > 0) entries.set(key, { output, until: performance.now() + ttlMs });
    },
  };
}
