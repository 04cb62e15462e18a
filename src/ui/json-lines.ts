import type { Output } from './terminal.ts';

/** Version of every JSON line that the CLI prints. It changes when a member changes its meaning or goes. */
const JSON_VERSION = 1;

/** Prints one NDJSON line with a `type`. */
export type JsonLine = (line: { readonly type: string; readonly [member: string]: unknown }) => void;

export function createJsonLines(output: Output): JsonLine {
  return ({ type, ...members }) => output.write(`${JSON.stringify({ type, version: JSON_VERSION, ...members })}\n`);
}
