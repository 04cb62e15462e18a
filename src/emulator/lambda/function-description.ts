import { FUNCTION_VERSION, type FunctionDefinition } from './function-definition.ts';

/** `FunctionConfiguration` of the Lambda API, without the members that only GetFunction and GetFunctionConfiguration return. */
export function describeFunction(definition: FunctionDefinition): Record<string, unknown> {
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
    ...(Object.keys(definition.variables).length === 0
      ? {}
      : { Environment: { Variables: definition.variables } }),
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

/** The state of a function, which is active from the moment that it exists. */
export const FUNCTION_STATE = { State: 'Active', LastUpdateStatus: 'Successful' };
