import { styleText } from 'node:util';
import type { Output } from './terminal.ts';

const FORMATS = ['bold', 'dim', 'italic', 'red', 'green', 'yellow', 'cyan'] as const;

/** Paints texts. */
export type Style = Readonly<Record<(typeof FORMATS)[number], (text: string) => string>>;

/**
 * Colours for an output. FORCE_COLOR (not 0) turns them on and NO_COLOR (not empty) off, in this order; else they are on for a
 * terminal that is not dumb.
 */
export function createStyle(output: Output, env: NodeJS.ProcessEnv): Style {
  return hasColour(output, env)
    ? paintedStyle((format, text) => styleText(format, text, { validateStream: false }))
    : PLAIN_STYLE;
}

/** A style that leaves texts as they are. */
export const PLAIN_STYLE = paintedStyle((_, text) => text);

function paintedStyle(paint: (format: keyof Style, text: string) => string): Style {
  return Object.fromEntries(FORMATS.map((format) => [format, (text: string) => paint(format, text)])) as Style;
}

function hasColour(output: Output, env: NodeJS.ProcessEnv): boolean {
  const { FORCE_COLOR: force, NO_COLOR: none, TERM: term } = env;
  if (force !== undefined && force !== '') return force !== '0' && force !== 'false';
  if (none !== undefined && none !== '') return false;
  return output.isTTY && term !== 'dumb';
}
