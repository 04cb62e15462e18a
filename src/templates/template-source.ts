import { readFileSync } from 'node:fs';

/** The template as it is written, with its placeholders. */
export function readTemplateSource(): string {
  return readFileSync(new URL('./stack.yaml', import.meta.url), 'utf8');
}
