const TEXT = Symbol('markup');

/** HTML that is safe as it stands. Nothing that was read from a file or a stream can be one: the key is a symbol. */
export interface Markup {
  readonly [TEXT]: string;
}

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

/** A table that scrolls sideways on a narrow page, also with the keyboard. */
export function scrollTable(label: string, head: Markup, bodies: readonly Markup[]): Markup {
  return html`<div class="scroll" role="region" aria-label="${label}" tabindex="0">
    <table>
      <caption>
        ${label}
      </caption>
      <thead>
        ${head}
      </thead>
      ${bodies}
    </table>
  </div>`;
}

/** Class of the cells of a column. `rest`: the column takes the space that the others leave. */
type CellKind = 'number' | 'rest' | 'wrap';

/** A column: its name, the class of its head, and that of its cells where it is another. */
export type Column = readonly [name: string, head?: CellKind | undefined, cell?: CellKind | ''];

/** A scrolling table with one row of cells for each entry. @param kindOf class of a row */
export function rowTable<T>(
  label: string,
  columns: readonly Column[],
  entries: readonly T[],
  cellsOf: (entry: T) => readonly MarkupValue[],
  kindOf: (entry: T) => string | undefined = () => undefined,
): Markup {
  return scrollTable(label, headRow(columns), [
    html`<tbody>
      ${entries.map(
        (entry) =>
          html`<tr${kindAttribute(kindOf(entry))}>${cellsOf(entry).map((value, index) => {
            const [, head, cell = head] = columns[index] ?? [];
            return html`<td${kindAttribute(cell)}>${value}</td>`;
          })}</tr>`,
      )}
    </tbody>`,
  ]);
}

export function headRow(columns: readonly Column[]): Markup {
  return html`<tr>
    ${columns.map(([name, kind]) => html`<th scope="col" ${kindAttribute(kind)}>${name}</th>`)}
  </tr>`;
}

function kindAttribute(kind: string | undefined): Markup | undefined {
  return kind ? html` class="${kind}"` : undefined;
}

/** A section with its heading, and what is to be known before its figures. */
export function pageSection(id: string, title: string, lead: string | undefined, content: Markup): Markup {
  return html`<section id="${id}" aria-labelledby="title-${id}">
    <h2 id="title-${id}">${title}</h2>
    ${lead === undefined ? undefined : html`<p class="lead">${lead}</p>`} ${content}
  </section>`;
}
