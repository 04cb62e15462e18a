/** A function as it is configured at one moment. An update makes a new one. */
export interface FunctionDefinition {
  readonly name: string;
  readonly arn: string;
  /** Text of `index.js`, a CommonJS module. */
  readonly code: string;
  /** Base64 SHA-256 and size of the code itself: the emulator makes no archive of it. */
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
  readonly logging: LoggingConfiguration;
  readonly tracingMode: string;
  readonly reservedConcurrency: number | undefined;
  readonly tags: Readonly<Record<string, string>>;
  /** ISO 8601 with a numeric offset, as Lambda writes it. */
  readonly lastModified: string;
  readonly revisionId: string;
}

export interface LoggingConfiguration {
  readonly logFormat: string;
  readonly logGroup: string;
  readonly applicationLogLevel: string | undefined;
  readonly systemLogLevel: string | undefined;
}

/** The one version that exists: nothing is ever published. */
export const FUNCTION_VERSION = '$LATEST';
