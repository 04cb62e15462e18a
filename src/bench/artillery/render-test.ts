import { Document } from 'yaml';
import { ensureConditions } from './artillery-metrics.ts';
import { ARTILLERY_VERSION, type ExportedTest } from './exported-test.ts';
import { planPhases } from './plan-phases.ts';
import { renderReadme } from './render-readme.ts';

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

/** `processor.mjs`: what Artillery calls. No await outside of functions: Artillery bundles it as CommonJS to see what it imports. */
function renderProcessor({ settings, version }: ExportedTest): string {
  const prompts = settings.plan.probe ? 'undefined' : "new URL('prompts.ndjson', import.meta.url)";
  return `// Written by agentstream ${version} (bench export artillery). It goes with the phases of test.yml: for another load, export again.
import { createVirtualUser } from 'agentstream/load';

/** @type {import('agentstream/load').TestSettings} */
const settings = ${JSON.stringify(settings, undefined, 2)};

/** Called for each virtual user: one conversation of an open load, or as many as a closed load wants of it. */
export const virtualUser = createVirtualUser(settings, ${prompts});
`;
}

/** `test.yml`: the script that Artillery runs (Artillery, "Test scripts"). */
function renderScript({ url, settings, conversations, notes, version }: ExportedTest): string {
  const { phases } = planPhases({ ...settings.plan, conversations });
  const { conditions } = ensureConditions(settings.thresholds);
  const script = new Document({
    config: {
      target: url,
      processor: './processor.mjs',
      ...(!settings.plan.probe && { includeFiles: ['prompts.ndjson'] }),
      phases,
      ...(conditions.length > 0 && {
        plugins: { ensure: { conditions: conditions.map((expression) => ({ expression })) } },
      }),
    },
    scenarios: [{ name: settings.plan.load.model, flow: [{ function: 'virtualUser' }] }],
  });
  const lines = [
    `A load for Artillery ${ARTILLERY_VERSION} and newer, written by agentstream ${version} (bench export artillery).`,
    ...notes.map((note) => `Note: ${note}.`),
  ];
  script.commentBefore = lines.map((line) => ` ${line}`).join('\n');
  return script.toString({ lineWidth: 0 });
}
