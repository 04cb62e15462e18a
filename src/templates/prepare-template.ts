import { type Document, isMap, isScalar, isSeq, type Node, parseDocument, visit } from 'yaml';
import { defaultPlaceholder, type PreparedTemplate, type TemplateSections, type TemplateValue } from './prepared-template.ts';

/** Functions whose short form is not `!X` for `Fn::X` (user guide, "Intrinsic function reference"). */
const UNPREFIXED = new Set(['Ref', 'Condition']);

/** Prepares `stack.yaml` for rendering. The build does it once, so that a deploy parses no YAML. */
export function prepareTemplate(source: string): PreparedTemplate {
  // An unknown tag is only a warning; its value is read.
  const document = parseDocument(source, { version: '1.1', logLevel: 'error' });
  const [error] = document.errors;
  if (error) throw error;
  const sections = toValue(document.contents) as unknown as TemplateSections;
  const names = Object.keys(sections.Parameters);
  const defaults: Record<string, string> = {};
  for (const name of names) {
    const path = ['Parameters', name, 'Default'];
    const node: unknown = document.getIn(path, true);
    if (isScalar(node)) {
      defaults[name] = node.type === 'QUOTE_SINGLE' ? `'${String(node.value)}'` : String(node.value);
      node.type = 'QUOTE_DOUBLE';
    }
    document.setIn(path, defaultPlaceholder(name));
  }
  const text = names.reduce(
    (result, name) => result.replace(`\n  Default: "${defaultPlaceholder(name)}"`, defaultPlaceholder(name)),
    toText(document),
  );
  return { text, defaults, sections };
}

/** Without blank lines and comments, except the comment at the top. */
function toText(document: Document.Parsed): string {
  const head = document.commentBefore ?? firstKey(document)?.commentBefore;
  visit(document, {
    Node(_, node) {
      node.comment = null;
      node.commentBefore = null;
      node.spaceBefore = false;
    },
  });
  document.commentBefore = null;
  // On the first node, no blank line follows the comment.
  if (document.contents && head) document.contents.commentBefore = head;
  return document.toString({ indent: 1, lineWidth: 0, flowCollectionPadding: false });
}

/** A comment directly above the first key belongs to the key. */
function firstKey({ contents }: Document.Parsed): Node | undefined {
  const key: unknown = isMap(contents) ? contents.items[0]?.key : undefined;
  return isScalar(key) ? key : undefined;
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
