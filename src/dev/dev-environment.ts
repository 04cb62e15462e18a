import { type AwsAccess, DEV_CREDENTIALS } from '../aws/aws-access.ts';

/** Where the stack of a run of `dev` is reached. */
export interface DevStack {
  readonly url: string;
  readonly apiKey: string | undefined;
  readonly authMode: string;
  /** As it is here, where time may be scaled; undefined when it is not known. */
  readonly idleLimitMs: number | undefined;
  /** Of the local user pool. */
  readonly token: string | undefined;
  /** Where a Lambda authorizer looks for the token; undefined for `Authorization`. */
  readonly tokenHeader: string | undefined;
  /** What every request carries on the way to the endpoint. */
  readonly headers: Readonly<Record<string, string>> | undefined;
}

/** What a child needs to reach the emulator with agentstream, an AWS SDK or curl. */
export function childEnvironment(
  access: AwsAccess,
  stackName: string,
  agentArn: string,
  stack: DevStack | undefined,
): Record<string, string | undefined> {
  return {
    AWS_ENDPOINT_URL: access.endpointUrl ?? '',
    AWS_REGION: access.region,
    // The AWS CLI of version 1 and botocore read this one only.
    AWS_DEFAULT_REGION: access.region,
    AWS_ACCESS_KEY_ID: DEV_CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: DEV_CREDENTIALS.secretAccessKey,
    AWS_SESSION_TOKEN: undefined,
    AWS_PROFILE: undefined,
    AGENTSTREAM_LOCAL: access.endpointUrl ?? '',
    AGENTSTREAM_TIME_SCALE: access.timeScale?.toString(),
    AGENTSTREAM_STACK_NAME: stackName,
    AGENTSTREAM_AGENT_ARN: agentArn,
    ...(stack && {
      ENDPOINT_URL: stack.url,
      ...(stack.apiKey && { ENDPOINT_API_KEY: stack.apiKey }),
      ...(stack.token && { AGENTSTREAM_TOKEN: stack.token }),
    }),
  };
}
