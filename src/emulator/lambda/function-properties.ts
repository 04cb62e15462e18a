import { createHash, randomUUID } from 'node:crypto';
import { AwsError, brokenConstraint } from '../kernel/aws-error.ts';
import { arn } from '../kernel/place.ts';
import { read } from '../kernel/properties.ts';
import type { Properties, ResourceContext } from '../kernel/resource-provider.ts';
import type { LambdaLimits } from './limits.ts';

/** Runtimes whose functions the emulator runs, all on the Node.js that runs itself. */
const RUNTIMES = ['nodejs20.x', 'nodejs22.x', 'nodejs24.x', 'nodejs26.x'];

/** Names of runtimes as AWS has them (developer guide, "Lambda runtimes"). */
const OTHER_RUNTIMES =
  /^(nodejs\d+\.x|python3\.\d+|java\d+(\.al2)?|ruby\d\.\d|dotnet(core)?\d+(\.\d)?|go1\.x|provided(\.al\w+)?)$/;

/** Defaults and ranges of `aws-resource-lambda-function.html`. */
const TIMEOUT_SECONDS = { minimum: 1, maximum: 900, byDefault: 3 };
const MEMORY_MB = { minimum: 128, maximum: 10_240, byDefault: 128 };

/** Runtime environment variables that a function cannot set (`configuration-envvars.html`). */
const RESERVED_VARIABLES: ReadonlySet<string> = new Set(
  (
    '_HANDLER _X_AMZN_TRACE_ID AWS_DEFAULT_REGION AWS_REGION AWS_EXECUTION_ENV ' +
    'AWS_LAMBDA_FUNCTION_NAME AWS_LAMBDA_FUNCTION_MEMORY_SIZE AWS_LAMBDA_FUNCTION_VERSION ' +
    'AWS_LAMBDA_INITIALIZATION_TYPE AWS_LAMBDA_LOG_GROUP_NAME AWS_LAMBDA_LOG_STREAM_NAME ' +
    'AWS_ACCESS_KEY AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN ' +
    'AWS_LAMBDA_RUNTIME_API LAMBDA_TASK_ROOT LAMBDA_RUNTIME_DIR'
  ).split(' '),
);

/** The configuration of a function. An update creates a new one. */
export type FunctionDefinition = Readonly<ReturnType<typeof readFunctionProperties>>;

/** Reads an AWS::Lambda::Function. @throws {AwsError} ValidationException or InvalidParameterValueException (400) */
export function readFunctionProperties(properties: Properties, name: string, context: ResourceContext, limits: LambdaLimits) {
  const code = readCode(properties, limits);
  const tracing = read.object(properties, 'TracingConfig', 'Mode') ?? {};
  return {
    name,
    arn: arn(context, 'lambda', `function:${name}`),
    /** Text of `index.js`, a CommonJS module. */
    code,
    /** Base64 SHA-256 and size of the code itself: the emulator does not archive it. */
    codeSha256: createHash('sha256').update(code).digest('base64'),
    codeBytes: Buffer.byteLength(code),
    runtime: readRuntime(read.required(properties, 'Runtime')),
    handler: matching('handler', read.required(properties, 'Handler'), /^\S{1,128}$/),
    roleArn: matching(
      'role',
      read.required(properties, 'Role'),
      /^arn:(aws[a-zA-Z-]*)?:iam::\d{12}:role\/?[a-zA-Z_0-9+=,.@\-_/]+$/,
    ),
    description: matching('description', read.string(properties, 'Description') ?? '', /^.{0,256}$/s),
    timeoutSeconds: readInteger(properties, 'Timeout', TIMEOUT_SECONDS),
    memoryMb: readInteger(properties, 'MemorySize', MEMORY_MB),
    architecture: readArchitecture(properties),
    variables: readVariables(properties, limits),
    logging: readLogging(properties, name),
    tracingMode: enumMember('mode', read.string(tracing, 'Mode') ?? 'PassThrough', ['Active', 'PassThrough']),
    reservedConcurrency: read.number(properties, 'ReservedConcurrentExecutions'),
    tags: read.tags(properties),
    /** ISO 8601 with a numeric offset, as Lambda writes it. */
    lastModified: new Date().toISOString().replace('Z', '+0000'),
    revisionId: randomUUID(),
  };
}

function readRuntime(name: string): string {
  if (OTHER_RUNTIMES.test(name) && !RUNTIMES.includes(name))
    throw invalidParameter(`the emulator does not support the runtime ${name}: it runs ${RUNTIMES.join(', ')}`);
  return enumMember('runtime', name, RUNTIMES);
}

function readCode(properties: Properties, limits: LambdaLimits): string {
  const members = read.object(properties, 'Code', 'ZipFile') ?? {};
  const code = read.required(members, 'ZipFile');
  if (Buffer.byteLength(code) > limits.inlineCodeBytes)
    throw invalidParameter(`ZipFile must not exceed ${limits.inlineCodeBytes} bytes`);
  return code;
}

/** The schema has a list, the API takes exactly one value. */
function readArchitecture(properties: Properties): string {
  const [first = 'x86_64', ...more] = read.list(properties, 'Architectures') ?? [];
  const value = typeof first === 'string' && more.length === 0 ? first : JSON.stringify(first);
  return enumMember('architectures', value, ['x86_64', 'arm64']);
}

function readVariables(properties: Properties, limits: LambdaLimits): Readonly<Record<string, string>> {
  const environment = read.object(properties, 'Environment', 'Variables') ?? {};
  const variables = read.stringMap(environment, 'Variables') ?? {};
  const unable = 'Lambda was unable to configure your environment variables because the environment variables you have provided';
  for (const key of Object.keys(variables)) matching('environment', key, /^[a-zA-Z]\w+$/);
  const reserved = Object.keys(variables).filter((key) => RESERVED_VARIABLES.has(key));
  if (reserved.length > 0) {
    throw invalidParameter(
      `${unable} contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${reserved.join(', ')}`,
    );
  }
  if (Buffer.byteLength(JSON.stringify(variables)) > limits.environmentVariableBytes)
    throw invalidParameter(`${unable} exceeded the 4KB limit.`);
  return variables;
}

function readLogging(properties: Properties, name: string) {
  const logging = read.object(properties, 'LoggingConfig', 'LogFormat LogGroup ApplicationLogLevel SystemLogLevel') ?? {};
  return {
    logFormat: enumMember('logFormat', read.string(logging, 'LogFormat') ?? 'Text', ['Text', 'JSON']),
    logGroup: matching('logGroup', read.string(logging, 'LogGroup') ?? `/aws/lambda/${name}`, /^[.\-_/#A-Za-z0-9]{1,512}$/),
    applicationLogLevel: read.string(logging, 'ApplicationLogLevel'),
    systemLogLevel: read.string(logging, 'SystemLogLevel'),
  };
}

function readInteger(properties: Properties, name: string, { minimum, maximum, byDefault }: typeof MEMORY_MB): number {
  const value = read.number(properties, name) ?? byDefault;
  const member = name.charAt(0).toLowerCase() + name.slice(1);
  if (!Number.isInteger(value)) throw constraint(member, value, 'be an integer');
  if (value < minimum) throw constraint(member, value, `have value greater than or equal to ${minimum}`);
  if (value > maximum) throw constraint(member, value, `have value less than or equal to ${maximum}`);
  return value;
}

/** @throws {AwsError} ValidationException (400) in AWS's words for a value outside the set */
export function enumMember(member: string, value: string, allowed: readonly string[]): string {
  if (allowed.includes(value)) return value;
  throw constraint(member, value, `satisfy enum value set: [${allowed.join(', ')}]`);
}

function matching(member: string, value: string, pattern: RegExp): string {
  if (pattern.test(value)) return value;
  throw constraint(member, value, `satisfy regular expression pattern: ${pattern.source}`);
}

/** An error of Lambda that the caller has caused. */
export function userError(code: string, status: number, message: string): AwsError {
  return new AwsError(code, status, message, { Type: 'User' });
}

export const invalidParameter = (message: string) => userError('InvalidParameterValueException', 400, message);

/** @param rule that the member must follow */
export function constraint(member: string, value: string | number, rule: string): AwsError {
  return new AwsError('ValidationException', 400, brokenConstraint(member, `'${value}'`, rule));
}
