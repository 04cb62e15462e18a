import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { OperationError } from '../errors.ts';

export const AUTH_MODES = ['api-key', 'iam', 'none'] as const;
export type AuthMode = (typeof AUTH_MODES)[number];

/** What stands in the template itself, beside the parameters that CloudFormation asks for. */
export interface TemplateInput {
  /** The bundled function: one CommonJS file. */
  readonly handlerCode: string;
  /** These two shape the API, so they are rendered: a change of theirs must change the deployment's logical id. */
  readonly authMode: AuthMode;
  readonly corsOrigin: string;
  /** Default of the AgentRuntimeArn parameter; without it the parameter must be given. */
  readonly agentRuntimeArn?: string | undefined;
}

/** CloudFormation's limit for a template in a request (User Guide, "Understand CloudFormation quotas"). */
export const MAX_TEMPLATE_BYTES = 51_200;

const CODE_INDENT = ' '.repeat(10);

/**
 * Renders the CloudFormation template: plain YAML, no transform, no bucket.
 * @throws {OperationError} TEMPLATE_TOO_LARGE when code and template together exceed what one request carries
 */
export function renderTemplate(input: TemplateInput): string {
  const source = readFileSync(new URL('./stack.yaml', import.meta.url), 'utf8');
  const shaped = fill(source, { AUTH_MODE: input.authMode, CORS_ORIGIN: input.corsOrigin });
  const template = fill(shaped, {
    API_HASH: createHash('sha256').update(shaped).digest('hex').slice(0, 10),
    AGENT_RUNTIME_ARN_DEFAULT: input.agentRuntimeArn ? `    Default: ${input.agentRuntimeArn}` : '',
    HANDLER_CODE: asBlock(input.handlerCode),
  });
  const bytes = Buffer.byteLength(template);
  if (bytes > MAX_TEMPLATE_BYTES) {
    throw new OperationError(
      'TEMPLATE_TOO_LARGE',
      `the template with the function's code has ${bytes} bytes, ${bytes - MAX_TEMPLATE_BYTES} more than CloudFormation takes in a request`,
      { hint: 'make the function smaller: fewer or lighter imports' },
    );
  }
  return template;
}

/** A literal block keeps the code as it is: no escapes, so fewer bytes, and readable in the console. */
function asBlock(code: string): string {
  return code
    .trimEnd()
    .split('\n')
    .map((line) => (line === '' ? '' : CODE_INDENT + line))
    .join('\n');
}

function fill(text: string, values: Readonly<Record<string, string>>): string {
  return Object.entries(values).reduce(
    (result, [name, value]) => result.split(`{{${name}}}`).join(value),
    text,
  );
}
