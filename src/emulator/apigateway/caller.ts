/** Who calls, as far as API Gateway has found out. */
export interface Caller {
  /** Of a caller that signed for an AWS_IAM method. */
  readonly signer?: {
    readonly accessKeyId: string;
    readonly accountId: string;
    readonly arn: string;
    /** Unique id of the user, or of the role and its session. */
    readonly userId: string;
  };
  /** `requestContext.authorizer`: `claims` of a user pool's token, or `principalId` and context of a Lambda authorizer. */
  readonly authorizer?: Readonly<Record<string, unknown>>;
  /** Why an authorizer did not let the caller in. */
  readonly error?: string;
}
