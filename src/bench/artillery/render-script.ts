import { Document } from 'yaml';
import { ensureConditions } from './ensure-conditions.ts';
import { ARTILLERY_VERSION, type ExportedTest } from './exported-test.ts';
import { planPhases } from './plan-phases.ts';

/** `test.yml`: the script that Artillery runs (Artillery, "Test scripts"). */
export function renderScript({
  url,
  settings,
  conversations,
  notes,
  version,
}: ExportedTest): string {
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
