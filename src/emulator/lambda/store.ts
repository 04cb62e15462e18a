import { AwsError } from '../kernel/aws-error.ts';
import { arn, type Place } from '../kernel/place.ts';

/** Pattern of FunctionName in the Lambda API model: a name, a partial or a full ARN, each with or without a qualifier. */
const FUNCTION_NAME =
  /^(?:arn:(aws[a-zA-Z-]*):lambda:)?(?:([a-z]{2}(?:-gov)?-[a-z]+-\d):)?(?:(\d{12}):)?(?:function:)?([a-zA-Z0-9-_]+)(?::([$a-zA-Z0-9-_]+))?$/;

/** The functions of one Region. */
export type Functions = ReturnType<typeof createFunctions>;

export function createFunctions(place: Place) {
  const byName = new Map<string, FunctionDefinition>();
  return {
    /** Finds a function by name, partial or full ARN. @throws {AwsError} ResourceNotFoundException (404) */
    get(nameOrArn: string, qualifier?: string): FunctionDefinition {
      const [, partition, region, accountId, name, suffix] = FUNCTION_NAME.exec(nameOrArn) ?? [];
      const version = qualifier ?? suffix ?? FUNCTION_VERSION;
      const definition =
        (partition ?? place.partition) === place.partition &&
        (region ?? place.region) === place.region &&
        (accountId ?? place.accountId) === place.accountId &&
        version === FUNCTION_VERSION
          ? byName.get(name ?? '')
          : undefined;
      if (definition) return definition;
      const asked = nameOrArn.startsWith('arn:') ? nameOrArn : arn(place, 'lambda', `function:${name ?? nameOrArn}`);
      const tail = version === FUNCTION_VERSION || suffix ? '' : `:${version}`;
      throw userError('ResourceNotFoundException', 404, `Function not found: ${asked}${tail}`);
    },
    has: (name: string) => byName.has(name),
    put: (definition: FunctionDefinition) => void byName.set(definition.name, definition),
    delete: (name: string) => void byName.delete(name),
    all: () => [...byName.values()],
  };
}

/** The configuration of a function. An update creates a new one. */
export interface FunctionDefinition {
  readonly name: string;
  readonly arn: string;
  /** Text of `index.js`, a CommonJS module. */
  readonly code: string;
  /** Base64 SHA-256 and size of the code itself: the emulator does not archive it. */
  readonly codeSha256: string;
  readonly codeBytes: number;
  readonly runtime: string;
  readonly handler: string;
  readonly roleArn: string;
  readonly description: string;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly architecture: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly logging: {
    readonly logFormat: string;
    readonly logGroup: string;
    readonly applicationLogLevel: string | undefined;
    readonly systemLogLevel: string | undefined;
  };
  readonly tracingMode: string;
  readonly reservedConcurrency: number | undefined;
  readonly tags: Readonly<Record<string, string>>;
  /** ISO 8601 with a numeric offset, as Lambda writes it. */
  readonly lastModified: string;
  readonly revisionId: string;
}

/** The only version: the emulator publishes none. */
export const FUNCTION_VERSION = '$LATEST';

/** An error of Lambda that the caller has caused. */
export function userError(code: string, status: number, message: string): AwsError {
  return new AwsError(code, status, message, { Type: 'User' });
}

export const invalidParameter = (message: string) => userError('InvalidParameterValueException', 400, message);
