import { type ExportedTest, ARTILLERY_VERSION } from './exported-test.ts';
import { renderProcessor } from './render-processor.ts';
import { renderReadme } from './render-readme.ts';
import { renderScript } from './render-script.ts';

/** The files of a test, by name. Nothing in them is secret. */
export function renderTest(test: ExportedTest): ReadonlyMap<string, string> {
  const { settings, conversations, version } = test;
  const files = new Map([
    ['test.yml', renderScript(test)],
    ['processor.mjs', renderProcessor(test)],
    ['package.json', renderManifest(version)],
    ['README.md', renderReadme(test)],
  ]);
  if (!settings.plan.probe) files.set('prompts.ndjson', renderPrompts(conversations));
  return files;
}

/** As `readPromptFile` reads it. */
function renderPrompts(conversations: ExportedTest['conversations']): string {
  return conversations
    .flatMap((prompts, conversation) =>
      prompts.map(
        (prompt) =>
          `${JSON.stringify(prompts.length > 1 ? { prompt, conversation } : { prompt })}\n`,
      ),
    )
    .join('');
}

function renderManifest(version: string): string {
  const manifest = {
    name: 'agentstream-load',
    version: '1.0.0',
    private: true,
    type: 'module',
    scripts: { load: 'artillery run test.yml' },
    dependencies: { agentstream: version, artillery: `^${ARTILLERY_VERSION}` },
    engines: { node: '>=22.18' },
  };
  return `${JSON.stringify(manifest, undefined, 2)}\n`;
}
