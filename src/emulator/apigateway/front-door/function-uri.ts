/** The function that an integration or authorizer URI names, and the Lambda API that it is called with. */
interface FunctionUri {
  readonly functionArn: string;
  readonly lambdaApi: 'Invoke' | 'InvokeWithResponseStream';
}

const URI_PATTERN = /^arn:[^:]+:apigateway:[^:]+:lambda:path\/(\d{4}-\d{2}-\d{2})\/functions\/(arn:[^/]+)\/([a-z-]+)$/;

const LAMBDA_APIS: Readonly<Record<string, FunctionUri['lambdaApi']>> = {
  '2015-03-31/invocations': 'Invoke',
  '2021-11-15/response-streaming-invocations': 'InvokeWithResponseStream',
};

/** Date and last word name the Lambda API ("Set up a Lambda proxy integration with payload response streaming"). */
export function parseFunctionUri(uri: string): FunctionUri | undefined {
  const [, date, functionArn, action] = URI_PATTERN.exec(uri) ?? [];
  const lambdaApi = LAMBDA_APIS[`${date}/${action}`];
  return functionArn && lambdaApi ? { functionArn, lambdaApi } : undefined;
}
