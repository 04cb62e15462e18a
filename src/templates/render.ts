import { createHash } from 'node:crypto';
import { OperationError } from '../cli/errors.ts';
import { compactYaml } from './compact-yaml.ts';
import { templateParameters, withDefaults } from './template-parameters.ts';
import { readTemplateSource } from './template-source.ts';

/** What stands in the template itself, beside the parameters that CloudFormation asks for. */
export interface TemplateInput {
  /** The bundled function: one CommonJS file. */
  readonly handlerCode: string;
  /** Values that will hold, by parameter name; what is left out has the template's default. */
  readonly parameters?: Readonly<Record<string, string | undefined>>;
  /** Whether these become the template's defaults, for those who deploy it by other means. Default false. */
  readonly asDefaults?: boolean;
}

/** CloudFormation's limit for a template in a request (User Guide, "Understand CloudFormation quotas"). */
export const MAX_TEMPLATE_BYTES = 51_200;

/** These shape the API, and a stage serves a snapshot of it: a change of theirs must change the deployment's logical id. */
const SHAPING = [
  'AuthMode',
  'UserPoolArn',
  'AuthScopes',
  'AuthorizerArn',
  'IdentitySource',
  'AuthorizerTtlSeconds',
  'CorsOrigins',
  'CorsCredentials',
  'EndpointType',
  'VpcEndpointIds',
  'AllowCidrs',
];

/** One more than the key that the code belongs to. */
const CODE_INDENT = ' '.repeat(5);

/**
 * Renders the CloudFormation template: plain YAML, no transform, no bucket.
 * @throws {OperationError} TEMPLATE_TOO_LARGE when code and template together exceed what one request carries
 */
export function renderTemplate(input: TemplateInput): string {
  const { handlerCode, parameters = {}, asDefaults = false } = input;
  const source = readTemplateSource();
  const defaults = templateParameters(source);
  const shape = SHAPING.map((name) => parameters[name] ?? defaults.get(name));
  const shaped = compactYaml(asDefaults ? withDefaults(source, parameters) : source);
  const template = fill(shaped, {
    API_HASH: createHash('sha256')
      .update(JSON.stringify([source, shape]))
      .digest('hex')
      .slice(0, 10),
    HANDLER_CODE: asBlock(handlerCode),
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
