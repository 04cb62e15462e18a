const URI_PATTERN = /^arn:[^:]+:apigateway:[^:]+:lambda:path\/(\d{4}-\d{2}-\d{2})\/functions\/(arn:[^/]+)\/([a-z-]+)$/;

const LAMBDA_APIS: Readonly<Record<string, 'Invoke' | 'InvokeWithResponseStream'>> = {
  '2015-03-31/invocations': 'Invoke',
  '2021-11-15/response-streaming-invocations': 'InvokeWithResponseStream',
};

/**
 * The function that an integration or authorizer URI names, and the Lambda API that it is called with: date and last word name it ("Set
 * up a Lambda proxy integration with payload response streaming").
 */
export function parseFunctionUri(uri: string) {
  const [, date, functionArn, action] = URI_PATTERN.exec(uri) ?? [];
  const lambdaApi = LAMBDA_APIS[`${date}/${action}`];
  return functionArn && lambdaApi ? { functionArn, lambdaApi } : undefined;
}
