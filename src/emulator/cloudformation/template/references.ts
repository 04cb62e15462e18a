import type { Json } from '../../kernel/resource-provider.ts';
import { templateError, templateFormatError } from '../../kernel/aws-error.ts';

/** A name in a `Ref`, `Fn::GetAtt` or `Fn::Sub` of a template value. */
export interface Reference {
  /** Logical id, parameter or pseudo parameter. */
  readonly name: string;
  /** Absent for `Ref` and `${Name}`. */
  readonly attribute?: string;
}

/** Every reference in a value; with `isTrue`, only in selected branches of `Fn::If`. @throws {AwsError} ValidationError (400) */
export function findReferences(value: Json, isTrue?: (condition: string) => boolean): readonly Reference[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((item) => findReferences(item, isTrue));
  const entries = Object.entries(value);
  const [name, argument] = entries[0] ?? ['', ''];
  if (entries.length === 1) {
    if (name === 'Ref') return [{ name: functionText('Ref', argument) }];
    if (name === 'Fn::GetAtt') return [splitAttribute(argument)];
    if (name === 'Fn::Sub') return substitutionReferences(argument, isTrue);
    if (name === 'Fn::If' && isTrue && Array.isArray(argument)) {
      const branch = argument[isTrue(functionText('Fn::If', argument[0])) ? 1 : 2];
      return branch === undefined ? [] : findReferences(branch, isTrue);
    }
  }
  return entries.flatMap(([, child]) => findReferences(child, isTrue));
}

/** @throws {AwsError} ValidationError (400) that names the logical ids, if there are any */
export function refuseUnresolved(ids: readonly string[], block: string): void {
  if (ids.length === 0) return;
  const names = [...new Set(ids)].join(', ');
  throw templateFormatError(`Unresolved resource dependencies [${names}] in the ${block} block of the template`);
}

/** The parts of an `Fn::GetAtt`: a list, or text with a dot in the short form. @throws {AwsError} ValidationError (400) */
export function splitAttribute(argument: Json): Required<Reference> {
  const parts = typeof argument === 'string' ? argument.split(/\.(.*)/s, 2) : argument;
  if (Array.isArray(parts)) {
    const [name, attribute] = parts;
    if (typeof name === 'string' && typeof attribute === 'string' && parts.length === 2) return { name, attribute };
  }
  throw templateError('every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute');
}

/** `A` or `A.B.C` between the braces of `Fn::Sub`. */
export function splitSubstitutionName(name: string): Reference {
  const dot = name.indexOf('.');
  return dot < 0 ? { name } : { name: name.slice(0, dot), attribute: name.slice(dot + 1) };
}

function substitutionReferences(argument: Json, isTrue?: (condition: string) => boolean): readonly Reference[] {
  const [text, variables] = Array.isArray(argument) ? argument : [argument, {}];
  const own = typeof variables === 'object' && variables !== null ? variables : {};
  const names = parseSubstitution(functionText('Fn::Sub', text)).flatMap((part) =>
    part.type === 'name' && !Object.hasOwn(own, part.name) ? [part.name] : [],
  );
  return [...names.map(splitSubstitutionName), ...findReferences(own, isTrue)];
}

function functionText(functionName: string, value: Json | undefined): string {
  if (typeof value === 'string' && value !== '') return value;
  throw templateError(`every ${functionName} object must have a single String value.`);
}

/** A part of an `Fn::Sub` text: literal text, or the name between `${` and `}`. */
export type SubstitutionPart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'name'; readonly name: string };

/** Splits the text of `Fn::Sub` into text and names; `${!Literal}` stands for the text `${Literal}` (user guide, "Fn::Sub"). */
export function parseSubstitution(text: string): SubstitutionPart[] {
  return text.split(/\$\{([^}]*)\}/).map((part, index) => {
    // Every second part is what was between braces.
    if (index % 2 === 0) return { type: 'text', text: part };
    const name = part.trim();
    return name.startsWith('!') ? { type: 'text', text: `\${${name.slice(1)}}` } : { type: 'name', name };
  });
}
