import { existsSync, readFileSync } from 'node:fs';
import type { StackTemplate } from './prepared-template.ts';

// Apart from rendering: who only reads the template loads no YAML.

let prepared: StackTemplate | undefined;

/** The template that the build has prepared; a source tree prepares it on first use. */
export async function readStackTemplate(): Promise<StackTemplate> {
  prepared ??= await read();
  return prepared;
}

async function read(): Promise<StackTemplate> {
  const built = new URL('./stack.json', import.meta.url);
  if (existsSync(built)) return JSON.parse(readFileSync(built, 'utf8')) as StackTemplate;
  const { prepareTemplate } = await import('./prepare-template.ts');
  return prepareTemplate(readFileSync(new URL('./stack.yaml', import.meta.url), 'utf8'));
}
