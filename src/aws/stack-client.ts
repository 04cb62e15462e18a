import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { type AwsAccess, clientConfig } from './aws-access.ts';

/** The SDK sets no limit of its own: on a network that swallows packets a call would hang for as long as TCP does. */
const CONNECT_MS = 5_000;
const ANSWER_MS = 20_000;

/** A client whose calls end, one way or the other. */
export function createStackClient(access: AwsAccess): CloudFormationClient {
  return new CloudFormationClient({
    ...clientConfig(access),
    requestHandler: {
      connectionTimeout: CONNECT_MS,
      requestTimeout: ANSWER_MS,
      throwOnRequestTimeout: true,
    },
  });
}
