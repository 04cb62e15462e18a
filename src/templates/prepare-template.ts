import { isMap, isScalar, isSeq, type Node, parseDocument } from 'yaml';
import type { StackTemplate, TemplateSections, TemplateValue } from './prepared-template.ts';

/** Functions whose short form is not `!X` for `Fn::X` (user guide, "Intrinsic function reference"). */
const UNPREFIXED = new Set(['Ref', 'Condition']);

/** Reads `stack.yaml`. The build does it once: to parse it takes longer than a command. */
export function prepareTemplate(source: string): StackTemplate {
  // An unknown tag is only a warning; its value is read.
  const document = parseDocument(source, { version: '1.1', logLevel: 'error' });
  const [error] = document.errors;
  if (error) throw error;
  return { comment: document.commentBefore ?? '', sections: toValue(document.contents) as unknown as TemplateSections };
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
