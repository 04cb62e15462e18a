import { isMap, isScalar, isSeq, type Node, parseDocument } from 'yaml';

/** A value of a template; short forms of functions (`!Sub x`) have become long ones (`{"Fn::Sub": x}`). */
export type TemplateValue =
  | string
  | number
  | boolean
  | null
  | readonly TemplateValue[]
  | { readonly [key: string]: TemplateValue };

/** The sections of a template that say what a stack is made of. */
export interface ParsedTemplate {
  readonly Parameters: Readonly<
    Record<string, { readonly Type: string; readonly Default?: string }>
  >;
  readonly Conditions: Readonly<Record<string, TemplateValue>>;
  readonly Resources: Readonly<
    Record<
      string,
      {
        readonly Type: string;
        readonly Condition?: string;
        readonly Properties?: TemplateValue;
      }
    >
  >;
}

/** Functions whose short form is not `!X` for `Fn::X` (user guide, "Intrinsic function reference"). */
const UNPREFIXED = new Set(['Ref', 'Condition']);

/** Reads a template of ours, as it was rendered. */
export function readTemplate(text: string): ParsedTemplate {
  // An unknown tag is a warning, and what it stands before is read all the same.
  const document = parseDocument(text, { version: '1.1', logLevel: 'error' });
  return toValue(document.contents) as unknown as ParsedTemplate;
}

function toValue(node: unknown): TemplateValue {
  if (isMap(node)) {
    const entries = node.items.map(({ key, value }): [string, TemplateValue] => [
      String(isScalar(key) ? (key.source ?? key.value) : key),
      toValue(value),
    ]);
    return withTag(node, Object.fromEntries(entries));
  }
  if (isSeq(node)) return withTag(node, node.items.map(toValue));
  return isScalar(node) ? withTag(node, node.value as TemplateValue) : null;
}

function withTag({ tag }: Node, value: TemplateValue): TemplateValue {
  if (!tag || tag.startsWith('tag:yaml.org')) return value;
  const name = tag.slice(1);
  return { [UNPREFIXED.has(name) ? name : `Fn::${name}`]: value };
}
