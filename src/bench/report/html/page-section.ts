import { html, type Markup } from './markup.ts';

/** A section with its heading, and what is to be known before its figures. */
export function pageSection(
  id: string,
  title: string,
  lead: string | undefined,
  content: Markup,
): Markup {
  return html`<section id="${id}" aria-labelledby="title-${id}">
    <h2 id="title-${id}">${title}</h2>
    ${lead === undefined ? undefined : html`<p class="lead">${lead}</p>`} ${content}
  </section>`;
}
