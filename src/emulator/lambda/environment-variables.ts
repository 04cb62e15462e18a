import type { Credentials } from '../iam/service.ts';
import { FUNCTION_VERSION, type FunctionDefinition } from './function-definition.ts';

/** Defined runtime environment variables that a function cannot set (`configuration-envvars.html`). */
export const RESERVED_VARIABLES: ReadonlySet<string> = new Set([
  '_HANDLER',
  '_X_AMZN_TRACE_ID',
  'AWS_DEFAULT_REGION',
  'AWS_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_ACCESS_KEY',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_LAMBDA_RUNTIME_API',
  'LAMBDA_TASK_ROOT',
  'LAMBDA_RUNTIME_DIR',
]);

/** What one execution environment adds to its function's configuration. */
export interface EnvironmentFacts {
  readonly region: string;
  readonly credentials: Credentials;
  /** Where the SDKs find AWS: their standard variable `AWS_ENDPOINT_URL`. */
  readonly endpointUrl: string;
  /** `host:port` of the Runtime API. */
  readonly runtimeApi: string;
  readonly taskRoot: string;
  readonly runtimeDir: string;
  readonly logStream: string;
}

/**
 * The whole environment of a runtime process: what Lambda defines (`configuration-envvars.html`), the endpoint, and what the
 * function has configured, which may replace all that is not reserved. Nothing of the emulator's own environment.
 */
export function environmentVariables(
  definition: FunctionDefinition,
  facts: EnvironmentFacts,
): Record<string, string> {
  return {
    LANG: 'en_US.UTF-8',
    PATH: '/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin',
    TZ: ':UTC',
    AWS_ENDPOINT_URL: facts.endpointUrl,
    ...definition.variables,
    _HANDLER: definition.handler,
    AWS_REGION: facts.region,
    AWS_DEFAULT_REGION: facts.region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${definition.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: definition.name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(definition.memoryMb),
    AWS_LAMBDA_FUNCTION_VERSION: FUNCTION_VERSION,
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: definition.logging.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: facts.logStream,
    AWS_ACCESS_KEY_ID: facts.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: facts.credentials.secretAccessKey,
    AWS_SESSION_TOKEN: facts.credentials.sessionToken,
    AWS_LAMBDA_RUNTIME_API: facts.runtimeApi,
    LAMBDA_TASK_ROOT: facts.taskRoot,
    LAMBDA_RUNTIME_DIR: facts.runtimeDir,
  };
}
