import type { AuthorizerAnswer } from './authorizer-answer.ts';

/** Answers of Lambda authorizers, kept for as long as the authorizer says. */
export interface AuthorizerCache {
  get(key: string): AuthorizerAnswer | undefined;
  /** @param ttlMs 0 keeps nothing */
  put(key: string, answer: AuthorizerAnswer, ttlMs: number): void;
}

/** @param now ms, monotonic */
export function createAuthorizerCache(now = () => performance.now()): AuthorizerCache {
  const entries = new Map<string, { readonly answer: AuthorizerAnswer; readonly until: number }>();
  return {
    get(key) {
      const entry = entries.get(key);
      if (entry && entry.until > now()) return entry.answer;
      entries.delete(key);
      return undefined;
    },
    put(key, answer, ttlMs) {
      if (ttlMs > 0) entries.set(key, { answer, until: now() + ttlMs });
    },
  };
}
