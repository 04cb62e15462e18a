import type { ExportedTest } from './exported-test.ts';

/** `processor.mjs`: what Artillery calls. No await outside of functions: Artillery bundles it as CommonJS to see what it imports. */
export function renderProcessor({ settings, version }: ExportedTest): string {
  const prompts = settings.plan.probe ? 'undefined' : "new URL('prompts.ndjson', import.meta.url)";
  return `// Written by agentstream ${version} (bench export artillery). It goes with the phases of test.yml: for another load, export again.
import { createVirtualUser } from 'agentstream/load';

/** @type {import('agentstream/load').TestSettings} */
const settings = ${JSON.stringify(settings, undefined, 2)};

/** Called for each virtual user: one conversation of an open load, or as many as a closed load wants of it. */
export const virtualUser = createVirtualUser(settings, ${prompts});
`;
}
