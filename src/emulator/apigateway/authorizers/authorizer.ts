/** What lets callers in to methods of the type CUSTOM (TOKEN, REQUEST) or COGNITO_USER_POOLS. */
export interface Authorizer {
  readonly id: string;
  readonly name: string;
  readonly type: 'TOKEN' | 'REQUEST' | 'COGNITO_USER_POOLS';
  readonly authType: string | undefined;
  /** Invocation URI of the function of a TOKEN or REQUEST authorizer. */
  readonly uri: string | undefined;
  /** Role that the function is called with; without one, the function's resource policy has to let API Gateway in. */
  readonly credentials: string | undefined;
  /** Mapping expressions such as `method.request.header.Authorization`, separated by commas. */
  readonly identitySource: string | undefined;
  /** TOKEN: what the token has to match; COGNITO_USER_POOLS: its `aud`. A regular expression. */
  readonly identityValidationExpression: string | undefined;
  /** How long an answer of the function holds for the same identity, s; 0 is never. */
  readonly resultTtlSeconds: number;
  /** User pools of COGNITO_USER_POOLS. */
  readonly providerArns: readonly string[];
}
