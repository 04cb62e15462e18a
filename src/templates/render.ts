import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { OperationError } from '../cli/errors.ts';
import { API_HASH, CODE, defaultPlaceholder, type PreparedTemplate } from './prepared-template.ts';

/** Values that are written into the template, in addition to its parameters. */
export interface TemplateInput {
  /** The bundled function: one CommonJS file. */
  readonly handlerCode: string;
  /** Values that shape the API. The stage serves a snapshot, so they are part of the deployment's logical id. */
  readonly shape: readonly string[];
  /** Defaults that replace the template's, by parameter name. */
  readonly defaults: Readonly<Record<string, string | undefined>>;
  /** Name of the user's own handler, which the stack remembers as an output; undefined for the bundled one. */
  readonly handlerName?: string | undefined;
}

/** CloudFormation's limit for a template in a request (User Guide, "Understand CloudFormation quotas"). */
export const MAX_TEMPLATE_BYTES = 51_200;

/**
 * Renders the CloudFormation template: plain YAML, no transform, no bucket.
 * @throws {OperationError} TEMPLATE_TOO_LARGE when code and template together exceed the limit of a request
 */
export function renderTemplate({ text, defaults, sections }: PreparedTemplate, input: TemplateInput): string {
  const parameters = Object.entries(sections.Parameters).map(([name, { Type }]): readonly [string, string] => {
    const given = input.defaults[name];
    // Linters compare the default of a number with AllowedValues by type.
    const value = given === undefined ? defaults[name] : Type === 'Number' ? given : quoted(given);
    return [defaultPlaceholder(name), value === undefined ? '' : `\n  Default: ${value}`];
  });
  const hash = createHash('sha256').update(JSON.stringify([text, input.shape]));
  const { handlerName } = input;
  const own = handlerName === undefined ? '' : ` Handler:\n  Value: ${quoted(handlerName)}\n`;
  const template = fill(
    text.replace('\nOutputs:\n', () => `\nOutputs:\n${own}`),
    [
      ...parameters,
      [API_HASH, hash.digest('hex').slice(0, 10)],
      // Last, so that nothing in the code is taken for a placeholder.
      [CODE, asBlock(input.handlerCode, indentOf(text, CODE))],
    ],
  );
  const bytes = Buffer.byteLength(template);
  if (bytes > MAX_TEMPLATE_BYTES) {
    throw new OperationError(
      'TEMPLATE_TOO_LARGE',
      `the template with the function's code has ${bytes} bytes, ${bytes - MAX_TEMPLATE_BYTES} more than CloudFormation accepts in a request`,
      { hint: 'make the function smaller: fewer or lighter imports' },
    );
  }
  return template;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A literal block keeps the code as it is: no escapes, so fewer bytes, and readable in the console. */
function asBlock(code: string, indent: string): string {
  return code.trimEnd().replaceAll(/\n(?=[^\n])/g, () => `\n${indent}`);
}

/** The blanks before a placeholder. */
function indentOf(text: string, placeholder: string): string {
  const at = text.indexOf(placeholder);
  return text.slice(text.lastIndexOf('\n', at) + 1, at);
}

function fill(text: string, values: readonly (readonly [placeholder: string, value: string])[]) {
  return values.reduce((result, [name, value]) => result.split(name).join(value), text);
}

let prepared: PreparedTemplate | undefined;

/** The template that the build has prepared; a source tree prepares it on first use. */
export async function readPreparedTemplate(): Promise<PreparedTemplate> {
  prepared ??= await read();
  return prepared;
}

async function read(): Promise<PreparedTemplate> {
  const built = new URL('./stack.json', import.meta.url);
  if (existsSync(built)) return JSON.parse(readFileSync(built, 'utf8')) as PreparedTemplate;
  const { prepareTemplate } = await import('./prepare-template.ts');
  return prepareTemplate(readFileSync(new URL('./stack.yaml', import.meta.url), 'utf8'));
}
