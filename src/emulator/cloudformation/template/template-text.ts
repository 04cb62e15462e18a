import { isAlias, isMap, isScalar, isSeq, parseDocument, type Node } from 'yaml';
import type { Json } from '../../kernel/resource-provider.ts';
import { templateError, templateFormatError } from '../../kernel/aws-error.ts';

/** YAML 1.1 types that CloudFormation does not support (user guide, "CloudFormation template formats"). */
const UNSUPPORTED_TAGS = ['binary', 'omap', 'pairs', 'set', 'timestamp', 'merge'];

/** Functions whose short form is not `!X` for `Fn::X` (user guide, "Intrinsic function reference"). */
const UNPREFIXED = new Set(['Ref', 'Condition']);

/** Reads JSON or YAML, with short forms (`!Sub x`) made long (`{"Fn::Sub": x}`). @throws {AwsError} ValidationError (400) */
export function parseTemplateText(body: string): Json {
  const value = body.trimStart().startsWith('{') ? parseJson(body) : parseYaml(body);
  refuseNull(value, '');
  return value;
}

function parseJson(body: string): Json {
  try {
    return JSON.parse(body) as Json;
  } catch {
    throw templateFormatError('JSON not well-formed.');
  }
}

function parseYaml(body: string): Json {
  const document = parseDocument(body, {
    version: '1.1',
    customTags: (tags) =>
      tags.filter((tag) => !UNSUPPORTED_TAGS.includes(typeof tag === 'string' ? tag : tag.tag.replace(/^.*:/, ''))),
  });
  const error = document.errors[0];
  if (error) {
    const [position] = error.linePos ?? [];
    const where = position ? ` (line ${position.line}, column ${position.col})` : '';
    throw templateFormatError(`YAML not well-formed.${where}`);
  }
  return toJson(document.contents);
}

function toJson(node: unknown): Json {
  if (node === null) return null;
  if (isAlias(node)) throw templateError('YAML aliases are not allowed in CloudFormation templates');
  if (isMap(node)) {
    const entries = node.items.map(({ key, value }): [string, Json] => [
      String(isScalar(key) ? (key.source ?? key.value) : key),
      toJson(value),
    ]);
    return withTag(node, Object.fromEntries(entries));
  }
  if (isSeq(node)) return withTag(node, node.items.map(toJson));
  if (isScalar(node)) return withTag(node, node.value as Json);
  throw templateFormatError('YAML not well-formed.');
}

function withTag(node: Node, value: Json): Json {
  const tag = node.tag;
  if (!tag || tag.startsWith('tag:yaml.org')) return value;
  const name = tag.slice(1);
  if (!/^[A-Za-z0-9]+(::[A-Za-z0-9]+)*$/.test(name)) throw templateFormatError(`unsupported tag ${tag}`);
  if (UNPREFIXED.has(name)) return { [name]: value };
  // `!GetAtt A.B.C` is the attribute `B.C` of `A`.
  if (name === 'GetAtt' && typeof value === 'string' && value.includes('.')) return { 'Fn::GetAtt': value.split(/\.(.*)/s, 2) };
  return { [`Fn::${name}`]: value };
}

function refuseNull(value: Json, path: string): void {
  if (value === null) throw templateFormatError(`[${path || '/'}] 'null' values are not allowed in templates`);
  if (typeof value !== 'object') return;
  for (const [key, child] of Object.entries(value)) refuseNull(child, `${path}/${key}`);
}
