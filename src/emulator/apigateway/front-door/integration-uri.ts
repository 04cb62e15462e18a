/** What the URI of a Lambda proxy integration says: the function, and the Lambda API to call it by. */
export interface IntegrationUri {
  readonly functionArn: string;
  readonly lambdaApi: 'Invoke' | 'InvokeWithResponseStream';
}

const PATTERN =
  /^arn:[^:]+:apigateway:[^:]+:lambda:path\/(\d{4}-\d{2}-\d{2})\/functions\/(arn:[^/]+)\/([a-z-]+)$/;

const LAMBDA_APIS: Readonly<Record<string, IntegrationUri['lambdaApi']>> = {
  '2015-03-31/invocations': 'Invoke',
  '2021-11-15/response-streaming-invocations': 'InvokeWithResponseStream',
};

/**
 * Reads the URI of an AWS_PROXY integration (developer guide, "Set up a Lambda proxy integration with payload response
 * streaming"): the date and the last word together name the Lambda API.
 * @returns undefined when it is no Lambda URI
 */
export function parseIntegrationUri(uri: string): IntegrationUri | undefined {
  const [, date, functionArn, action] = PATTERN.exec(uri) ?? [];
  const lambdaApi = LAMBDA_APIS[`${date}/${action}`];
  return functionArn && lambdaApi ? { functionArn, lambdaApi } : undefined;
}
