/** What a user pool says to a token. */
export type TokenVerdict =
  | { readonly type: 'valid'; readonly claims: Readonly<Record<string, unknown>> }
  /** Signed by a pool, and no longer good. */
  | { readonly type: 'expired' }
  | { readonly type: 'invalid'; readonly reason: string };

/** Checks signature, issuer and expiry of a JSON web token against user pools. */
export type TokenVerifier = (
  token: string,
  userPoolArns: readonly string[],
) => Promise<TokenVerdict>;
