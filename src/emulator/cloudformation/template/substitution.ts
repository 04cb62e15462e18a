/** A piece of an `Fn::Sub` text: literal text, or the name between `${` and `}`. */
export type SubstitutionPart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'name'; readonly name: string };

/**
 * Splits the text of `Fn::Sub`; `${!Literal}` stands for the text `${Literal}` (user guide, "Fn::Sub"). A name is that of a
 * variable, a parameter, a pseudo parameter or a resource, or `Resource.Attribute`.
 */
export function parseSubstitution(text: string): SubstitutionPart[] {
  const parts: SubstitutionPart[] = [];
  let end = 0;
  for (const match of text.matchAll(/\$\{([^}]*)\}/g)) {
    if (match.index > end) parts.push({ type: 'text', text: text.slice(end, match.index) });
    const name = (match[1] ?? '').trim();
    if (name.startsWith('!')) parts.push({ type: 'text', text: `\${${name.slice(1)}}` });
    else parts.push({ type: 'name', name });
    end = match.index + match[0].length;
  }
  if (end < text.length) parts.push({ type: 'text', text: text.slice(end) });
  return parts;
}
