import type { Iam } from '../iam/service.ts';
import type { RestCall, RestRoutes } from '../protocols/rest-json.ts';
import { type FunctionDefinition, userError } from './function-properties.ts';
import { FUNCTION_VERSION, type Functions } from './store.ts';
import { type Permission, policyDocument } from './resources/permission.ts';
import type { LambdaLimits } from './limits.ts';

/** Functions in one page of ListFunctions (API reference). */
const PAGE_SIZE = 50;

/** The calls of the Lambda API that read the configuration of functions, and GetAccountSettings. */
export function functionRoutes(
  functions: Functions,
  permissions: ReadonlyMap<string, Permission>,
  iam: Iam,
  { concurrentExecutions }: LambdaLimits,
): RestRoutes {
  const find = ({ request, label }: RestCall, action: string): FunctionDefinition => {
    const definition = functions.get(label('name'), request.query.get('Qualifier') ?? undefined);
    iam.authorize(request.accessKeyId, action, [definition.arn]);
    return definition;
  };
  return {
    'GET /2016-08-19/account-settings': ({ request }) => {
      iam.authorize(request.accessKeyId, 'lambda:GetAccountSettings', ['*']);
      const all = functions.all();
      const reserved = all.reduce((sum, each) => sum + (each.reservedConcurrency ?? 0), 0);
      return {
        AccountLimit: {
          ConcurrentExecutions: concurrentExecutions,
          UnreservedConcurrentExecutions: concurrentExecutions - reserved,
        },
        AccountUsage: { FunctionCount: all.length, TotalCodeSize: all.reduce((sum, each) => sum + each.codeBytes, 0) },
      };
    },
    'GET /2015-03-31/functions': ({ request }) => {
      iam.authorize(request.accessKeyId, 'lambda:ListFunctions', ['*']);
      const all = functions.all();
      const start = Number(request.query.get('Marker') ?? 0);
      const end = start + Math.min(Number(request.query.get('MaxItems') ?? PAGE_SIZE), PAGE_SIZE);
      return { Functions: all.slice(start, end).map(describeFunction), NextMarker: end < all.length ? String(end) : undefined };
    },
    'GET /2015-03-31/functions/{name}': (call) => {
      const definition = find(call, 'lambda:GetFunction');
      const { reservedConcurrency } = definition;
      return {
        Configuration: { ...describeFunction(definition), ...FUNCTION_STATE },
        // Without Location: the emulator has no archive to download.
        Code: { RepositoryType: 'S3' },
        Tags: unlessEmpty(definition.tags),
        Concurrency: reservedConcurrency === undefined ? undefined : { ReservedConcurrentExecutions: reservedConcurrency },
      };
    },
    'GET /2015-03-31/functions/{name}/configuration': (call) => ({
      ...describeFunction(find(call, 'lambda:GetFunctionConfiguration')),
      ...FUNCTION_STATE,
    }),
    'GET /2019-09-30/functions/{name}/concurrency': (call) => ({
      ReservedConcurrentExecutions: find(call, 'lambda:GetFunctionConcurrency').reservedConcurrency,
    }),
    'GET /2015-03-31/functions/{name}/policy': (call) => {
      const { arn, revisionId } = find(call, 'lambda:GetPolicy');
      const own = [...permissions.values()].filter((each) => each.functionArn === arn);
      if (own.length === 0) throw userError('ResourceNotFoundException', 404, 'The resource you requested does not exist.');
      return { Policy: JSON.stringify(policyDocument(own)), RevisionId: revisionId };
    },
  };
}

function unlessEmpty<T extends object>(members: T): T | undefined {
  return Object.keys(members).length === 0 ? undefined : members;
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
    Environment: unlessEmpty(definition.variables) && { Variables: definition.variables },
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
