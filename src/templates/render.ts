import { createHash } from 'node:crypto';
import { Document, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import { OperationError } from '../cli/errors.ts';
import { API_HASH, CODE, type StackTemplate, type TemplateSections, type TemplateValue } from './prepared-template.ts';
import { pruneTemplate, typedValue } from './prune-template.ts';

/** Values that are written into the template. */
export interface TemplateInput {
  /** The function's code, as the template holds it. */
  readonly code: string;
  /** Values by parameter name; an undefined one has the template's default. */
  readonly values: Readonly<Record<string, string | undefined>>;
  /** Values that shape the API. The stage serves a snapshot, so they are part of the deployment's logical id. */
  readonly shape: readonly string[];
  /** Whether the values become defaults, for a deploy with other tools. */
  readonly asDefaults: boolean;
  /** Whether the template keeps every parameter and condition. */
  readonly isFull: boolean;
  /** Name of the user's own handler, which the stack remembers as an output; undefined for the bundled one. */
  readonly handlerName?: string | undefined;
}

export interface RenderedTemplate {
  /** YAML, without transform and bucket. */
  readonly body: string;
  /** The parameters that it takes. */
  readonly parameters: ReadonlySet<string>;
}

/** CloudFormation's limit for a template in a request (User Guide, "Understand CloudFormation quotas"). */
export const MAX_TEMPLATE_BYTES = 51_200;

/** Types of which a deployment takes a snapshot. */
const OF_SNAPSHOT = /^AWS::ApiGateway::(?:RestApi|Resource|Method|Authorizer|GatewayResponse)$/;

/**
 * Renders the CloudFormation template.
 * @throws {OperationError} TEMPLATE_TOO_LARGE when code and template together exceed the limit of a request
 */
export function renderTemplate({ comment, sections }: StackTemplate, input: TemplateInput): RenderedTemplate {
  const { code, values, shape, asDefaults, isFull, handlerName } = input;
  const pruned = pruneTemplate(sections, values);
  const needed = isFull ? sections : pruned;
  const snapshot = Object.entries(pruned.Resources).filter(([, { Type }]) => OF_SNAPSHOT.test(Type));
  const hash = createHash('sha256')
    .update(JSON.stringify([snapshot, shape]))
    .digest('hex')
    .slice(0, 10);
  const template: TemplateSections = {
    ...needed,
    Parameters: asDefaults ? withDefaults(needed.Parameters, values) : needed.Parameters,
    Outputs: { ...(handlerName !== undefined && { Handler: { Value: handlerName } }), ...needed.Outputs },
  };
  const document = new Document(null, { version: '1.1' });
  document.contents = toNode(template as unknown as TemplateValue, code) as typeof document.contents;
  document.commentBefore = comment;
  const body = document
    .toString({ indent: 2, lineWidth: 0, flowCollectionPadding: false, singleQuote: true })
    .replaceAll(API_HASH, hash);
  const bytes = Buffer.byteLength(body);
  if (bytes > MAX_TEMPLATE_BYTES) {
    throw new OperationError(
      'TEMPLATE_TOO_LARGE',
      `the template with the function's code has ${bytes} bytes, ${bytes - MAX_TEMPLATE_BYTES} more than CloudFormation accepts in a request`,
      { hint: 'make the function smaller: fewer or lighter imports' },
    );
  }
  return { body, parameters: new Set(Object.keys(template.Parameters)) };
}

function withDefaults(
  parameters: TemplateSections['Parameters'],
  values: TemplateInput['values'],
): TemplateSections['Parameters'] {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, definition]) => {
      const value = values[name];
      return [name, value === undefined ? definition : { ...definition, Default: typedValue(definition, value) }];
    }),
  );
}

/** A list of more characters is not put on one line. */
const LINE = 100;

/** A node with the short forms of functions; CODE becomes the code. */
function toNode(value: TemplateValue, code: string): YAMLMap | YAMLSeq | Scalar {
  if (value === `${CODE}\n`) return Object.assign(new Scalar(code), { type: Scalar.BLOCK_LITERAL });
  if (typeof value !== 'object' || value === null) return scalarOf(value);
  if (Array.isArray(value)) {
    const list = new YAMLSeq();
    list.items = value.map((item: TemplateValue) => toNode(item, code));
    return Object.assign(list, { flow: fitsOnLine(value) });
  }
  const [[name, argument] = ['', null], ...others] = Object.entries(value as Record<string, TemplateValue>);
  if (others.length === 0 && FUNCTION.test(name))
    return Object.assign(toNode(argument, code), { tag: `!${name.replace('Fn::', '')}` });
  const map = new YAMLMap();
  for (const [key, member] of Object.entries(value)) map.add({ key: new Scalar(key), value: toNode(member, code) });
  return map;
}

/** `Condition` is one where it names a condition: in a policy it is a map. */
const FUNCTION = /^(?:Ref|Condition|Fn::\w+)$/;

/** Parsers differ in what a plain text within a list on one line may begin with: `::1/128`. */
function scalarOf(value: TemplateValue): Scalar {
  const scalar = new Scalar(value);
  return typeof value === 'string' && value.startsWith(':') ? Object.assign(scalar, { type: Scalar.QUOTE_SINGLE }) : scalar;
}

/** Whether a list is as readable on one line: it is short, and its members are texts and functions of them. */
function fitsOnLine(list: readonly TemplateValue[]): boolean {
  const text = JSON.stringify(list);
  return text.length < LINE && !/\{(?!"(?:Ref|Condition|Fn::\w+)":)/.test(text);
}
