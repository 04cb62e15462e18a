import { AwsError } from '../kernel/aws-error.ts';
import type { AwsRequest } from '../kernel/aws-request.ts';
import type { Iam } from '../iam/service.ts';
import { type PathParams, type RestRoutes, sendJson } from '../protocols/rest-json.ts';
import type { FunctionDefinition } from './function-definition.ts';
import { describeFunction, FUNCTION_STATE } from './function-description.ts';
import type { Functions } from './functions.ts';
import { type Permission, policyDocument } from './resource-policy.ts';

/** Functions in one page of ListFunctions (API reference). */
const PAGE_SIZE = 50;

/** The calls of the Lambda API that read the configuration of functions. */
export function functionRoutes(
  functions: Functions,
  permissions: ReadonlyMap<string, Permission>,
  iam: Iam,
): RestRoutes {
  const find = (request: AwsRequest, params: PathParams, action: string): FunctionDefinition => {
    const definition = functions.get(
      params['name'] ?? '',
      request.query.get('Qualifier') ?? undefined,
    );
    iam.authorize(request.accessKeyId, action, [definition.arn]);
    return definition;
  };
  return {
    'GET /2015-03-31/functions': (request, response) => {
      iam.authorize(request.accessKeyId, 'lambda:ListFunctions', ['*']);
      const all = functions.all();
      const start = Number(request.query.get('Marker') ?? 0);
      const end = start + Math.min(Number(request.query.get('MaxItems') ?? PAGE_SIZE), PAGE_SIZE);
      sendJson(response, 200, {
        Functions: all.slice(start, end).map(describeFunction),
        ...(end < all.length ? { NextMarker: String(end) } : {}),
      });
    },
    'GET /2015-03-31/functions/{name}': (request, response, params) => {
      const definition = find(request, params, 'lambda:GetFunction');
      sendJson(response, 200, {
        Configuration: { ...describeFunction(definition), ...FUNCTION_STATE },
        // Without Location: there is no archive to download.
        Code: { RepositoryType: 'S3' },
        ...(Object.keys(definition.tags).length === 0 ? {} : { Tags: definition.tags }),
        ...(definition.reservedConcurrency === undefined
          ? {}
          : { Concurrency: { ReservedConcurrentExecutions: definition.reservedConcurrency } }),
      });
    },
    'GET /2015-03-31/functions/{name}/configuration': (request, response, params) => {
      const definition = find(request, params, 'lambda:GetFunctionConfiguration');
      sendJson(response, 200, { ...describeFunction(definition), ...FUNCTION_STATE });
    },
    'GET /2015-03-31/functions/{name}/policy': (request, response, params) => {
      const definition = find(request, params, 'lambda:GetPolicy');
      const own = [...permissions.values()].filter((each) => each.functionArn === definition.arn);
      if (own.length === 0) {
        throw new AwsError(
          'ResourceNotFoundException',
          404,
          'The resource you requested does not exist.',
          { Type: 'User' },
        );
      }
      sendJson(response, 200, {
        Policy: JSON.stringify(policyDocument(own)),
        RevisionId: definition.revisionId,
      });
    },
  };
}
