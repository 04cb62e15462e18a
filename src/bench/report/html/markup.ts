const TEXT = Symbol('markup');

/** HTML that is safe as it stands. Nothing that was read from a file or a stream can be one: the key is a symbol. */
export type Markup = { readonly [TEXT]: string };

export type MarkupValue = Markup | string | number | undefined | readonly MarkupValue[];

/** A template of HTML: whatever is put in is escaped, unless it is markup itself; a list is joined, undefined is nothing. */
export function html(strings: TemplateStringsArray, ...values: readonly MarkupValue[]): Markup {
  const parts = strings.map((text, index) => text + toText(values[index]));
  return trusted(parts.join(''));
}

/** Takes a text for markup: only for what this program made. */
function trusted(text: string): Markup {
  return { [TEXT]: text };
}

export function markupText(markup: Markup): string {
  return markup[TEXT];
}

/** JSON that can stand in a script element: no `<` in it, so nothing can end the element or begin another. */
export function scriptJson(value: unknown): Markup {
  return trusted(JSON.stringify(value).replaceAll('<', String.raw`\u003c`));
}

function toText(value: MarkupValue): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return escapeHtml(value);
  if (typeof value === 'number') return String(value);
  if (isList(value)) return value.map(toText).join('');
  // Anything else is not of these types, and so came from outside.
  return TEXT in value ? value[TEXT] : escapeHtml(String(value));
}

function isList(value: MarkupValue): value is readonly MarkupValue[] {
  return Array.isArray(value);
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
