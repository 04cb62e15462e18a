import { html, type Markup } from './markup.ts';

/** A table that scrolls by itself where the page is narrow, with the keyboard too. */
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
