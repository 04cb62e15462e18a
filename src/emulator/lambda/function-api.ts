import type { AwsRequest } from '../kernel/service.ts';
import type { Iam } from '../iam/service.ts';
import { type PathParams, type RestRoutes, sendJson } from '../protocols/rest-json.ts';
import { FUNCTION_VERSION, type FunctionDefinition, type Functions, userError } from './store.ts';
import { type Permission, policyDocument } from './resource-policy.ts';
import type { LambdaLimits } from './limits.ts';

/** Functions in one page of ListFunctions (API reference). */
const PAGE_SIZE = 50;

/** The calls of the Lambda API that read the configuration of functions. */
export function functionRoutes(
  functions: Functions,
  permissions: ReadonlyMap<string, Permission>,
  iam: Iam,
): RestRoutes {
  const find = (request: AwsRequest, params: PathParams, action: string): FunctionDefinition => {
    const definition = functions.get(params['name'] ?? '', request.query.get('Qualifier') ?? undefined);
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
        // Without Location: the emulator has no archive to download.
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
      if (own.length === 0)
        throw userError('ResourceNotFoundException', 404, 'The resource you requested does not exist.');
      sendJson(response, 200, {
        Policy: JSON.stringify(policyDocument(own)),
        RevisionId: definition.revisionId,
      });
    },
  };
}

/** GetAccountSettings (API reference): the concurrency of the account, and its used storage. */
export function accountRoutes(functions: Functions, iam: Iam, limits: LambdaLimits): RestRoutes {
  return {
    'GET /2016-08-19/account-settings': ({ accessKeyId }, response) => {
      iam.authorize(accessKeyId, 'lambda:GetAccountSettings', ['*']);
      const all = functions.all();
      const reserved = all.reduce((sum, each) => sum + (each.reservedConcurrency ?? 0), 0);
      sendJson(response, 200, {
        AccountLimit: {
          ConcurrentExecutions: limits.concurrentExecutions,
          UnreservedConcurrentExecutions: limits.concurrentExecutions - reserved,
        },
        AccountUsage: {
          FunctionCount: all.length,
          TotalCodeSize: all.reduce((sum, each) => sum + each.codeBytes, 0),
        },
      });
    },
  };
}

/** `FunctionConfiguration` of the Lambda API, without the members that only GetFunction and GetFunctionConfiguration return. */
function describeFunction(definition: FunctionDefinition): Record<string, unknown> {
  const { logging } = definition;
  return {
    FunctionName: definition.name,
    FunctionArn: definition.arn,
    Runtime: definition.runtime,
    Role: definition.roleArn,
    Handler: definition.handler,
    CodeSize: definition.codeBytes,
    CodeSha256: definition.codeSha256,
    Description: definition.description,
    Timeout: definition.timeoutSeconds,
    MemorySize: definition.memoryMb,
    LastModified: definition.lastModified,
    Version: FUNCTION_VERSION,
    ...(Object.keys(definition.variables).length === 0 ? {} : { Environment: { Variables: definition.variables } }),
    TracingConfig: { Mode: definition.tracingMode },
    RevisionId: definition.revisionId,
    PackageType: 'Zip',
    Architectures: [definition.architecture],
    LoggingConfig: {
      LogFormat: logging.logFormat,
      LogGroup: logging.logGroup,
      ApplicationLogLevel: logging.applicationLogLevel,
      SystemLogLevel: logging.systemLogLevel,
    },
  };
}

/** State of every function: it is active as soon as it exists. */
const FUNCTION_STATE = { State: 'Active', LastUpdateStatus: 'Successful' };
