import { readFileSync } from 'node:fs';
import { Document } from 'yaml';
import { ensureConditions } from './artillery-metrics.ts';
import { planPhases } from './plan-phases.ts';
import type { HopFacts, RunFacts } from '../figures/report-schema.ts';
import type { BenchPlan } from '../run/plan.ts';

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
      prompts.map((prompt) => `${JSON.stringify(prompts.length > 1 ? { prompt, conversation } : { prompt })}\n`),
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
      ...(conditions.length > 0 && { plugins: { ensure: { conditions: conditions.map((expression) => ({ expression })) } } }),
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

/** `README.md`: `test-readme.md` with its `{words}` filled in. */
function renderReadme({ url, settings, machines, notes, version }: ExportedTest): string {
  const words: Readonly<Record<string, string>> = {
    artillery: ARTILLERY_VERSION,
    credentials: credentials(settings),
    machineNote: machineNote(machines),
    machines: String(machines),
    notes: notes.length === 0 ? '' : `\n\n${notes.map((note) => `- Note: ${note}.`).join('\n')}`,
    url,
    version,
  };
  const template = readFileSync(new URL('./test-readme.md', import.meta.url), 'utf8');
  return template.replaceAll(/\{(\w+)\}/g, (placeholder, name: string) => words[name] ?? placeholder);
}

function machineNote(machines: number): string {
  return machines > 1
    ? `Every machine runs all of \`test.yml\`, as one of ${machines} machines, which share the load and AgentCore's limits.`
    : `Every machine runs all of \`test.yml\`: \`--count 10\` sends ten times the load, and each machine keeps AgentCore's limits on its own.
\`agentstream bench export artillery --machines 10\` shares one load and the limits among ten.`;
}

function credentials({ auth }: TestSettings): string {
  if (auth.type === 'iam') {
    return `Requests are signed (IAM): credentials come from the AWS credential chain of the machine, whose role needs \`execute-api:Invoke\`. Artillery's
own roles lack it: add it, or name a role of yours (\`--lambda-role-arn\`, \`--task-role-name\`).`;
  }
  if (auth.type === 'bearer') {
    return `The endpoint needs a bearer token that stays valid for the whole load. This folder does not contain it:

    export AGENTSTREAM_TOKEN=...`;
  }
  if (auth.type === 'api-key') {
    return `The endpoint needs an API key. This folder does not contain it; \`agentstream status --show-key\` prints it:

    export AGENTSTREAM_API_KEY=...`;
  }
  return 'No credentials are needed. An API key in AGENTSTREAM_API_KEY is sent.';
}

/** A test for Artillery, before it is written down. */
export interface ExportedTest {
  /** Base URL of the stage. */
  readonly url: string;
  readonly settings: TestSettings;
  readonly conversations: BenchPlan['conversations'];
  readonly machines: number;
  readonly notes: readonly string[];
  readonly version: string;
}

/** The version that exported tests require; also the tested one. */
const ARTILLERY_VERSION = '2.0.34';

/** Written to `processor.mjs` as plain data, so they hold no key and no account id. */
export interface TestSettings extends Pick<RunFacts, 'prices' | 'thresholds' | 'maxLagMs'> {
  /** The share of one machine. */
  readonly plan: Omit<BenchPlan, 'conversations'>;
  readonly auth: TestAuth;
  readonly hop: HopFacts;
}

/** Authorization of the endpoint. The machine that runs the test supplies the key, token or credentials. */
export type TestAuth =
  | { readonly type: 'none' | 'api-key' }
  | { readonly type: 'bearer'; readonly header?: string | undefined }
  | { readonly type: 'iam'; readonly region: string };
