import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type AwsAccess, resolveAwsAccess } from '../../aws/aws-access.ts';
import { LIST_PRICES, overridePrices } from '../figures/cost.ts';
import type { BenchFlags } from '../flags.ts';
import { paceToStack, readPlan, toHopFacts } from '../read-plan.ts';
import { openSigning } from '../../endpoint/authorize.ts';
import { type Endpoint, type EndpointQuery, resolveEndpoint } from '../../endpoint/endpoint.ts';
import { hint, OperationError, UsageError } from '../../cli/errors.ts';
import { ensureConditions } from './artillery-metrics.ts';
import { planPhases, sharePlan } from './plan-phases.ts';
import { type CommandContext, readEndpointQuery } from '../../cli/options.ts';
import { writeOutputFile } from '../../cli/files.ts';
import { createJsonLines } from '../../ui/terminal.ts';
import { readVersion } from '../../cli/version.ts';
import type { ExportedTest, TestAuth } from './render-test.ts';

export interface ExportFlags extends BenchFlags {
  readonly machines: number;
  readonly force?: boolean;
}

/** @throws {UsageError} NOT_FOR_ARTILLERY, FOLDER_NOT_EMPTY, INVALID_THRESHOLD; {OperationError} CANNOT_WRITE; as `resolveEndpoint` */
export async function exportArtillery(folder: string, flags: ExportFlags, { terminal: { stdout, stderr, env } }: CommandContext) {
  checkFlags(flags);
  const query = readEndpointQuery(flags, env);
  const test = await readTest(flags, query, resolveAwsAccess(flags, env));
  makeFolder(folder, flags.force === true);
  // Loaded here: bench itself needs no YAML.
  const { renderTest } = await import('./render-test.ts');
  const files = renderTest(test);
  for (const [name, text] of files) writeOutputFile(join(folder, name), text);
  for (const note of test.notes) stderr.write(`note: ${note}\n`);
  if (flags.json) {
    createJsonLines(stdout)({ type: 'result', ok: true, folder, files: [...files.keys()], notes: test.notes });
  } else {
    stdout.write(`${[...files.keys()].map((name) => join(folder, name)).join('\n')}\n`);
    const key = NEXT_SECRET[test.settings.auth.type] ?? '';
    stderr.write(`next: cd ${folder} && npm install && npx artillery run test.yml${key}; see README.md\n`);
  }
}

/** The environment variable that the run needs. */
const NEXT_SECRET: Readonly<Record<string, string>> = {
  'api-key': '; set AGENTSTREAM_API_KEY',
  bearer: '; set AGENTSTREAM_TOKEN',
};

/** Many machines can only reach the endpoint, and the output flags belong to a run, not to an export. */
function checkFlags(flags: ExportFlags): void {
  const [other] = flags.hop.filter((hop) => hop !== 'api');
  if (other) {
    throw new UsageError('NOT_FOR_ARTILLERY', `the hop ${other} cannot be exported`, {
      hint: hint`a load from many machines goes through the endpoint, whose URL is all that they know; compare hops from one machine: ${['agentstream', 'bench', '--hop', `api,${other}`]}`,
    });
  }
  for (const name of ['html', 'markdown', 'ndjson', 'budget', 'workers'] as const) {
    if (flags[name] === undefined) continue;
    throw new UsageError('NOT_FOR_ARTILLERY', `--${name} belongs to a run of bench, not to an export`, {
      hint: hint`${['agentstream', 'bench', 'merge']} makes the report of a run on Artillery: see the README of the export`,
    });
  }
}

async function readTest(flags: ExportFlags, query: EndpointQuery, access: AwsAccess): Promise<ExportedTest> {
  const { machines } = flags;
  const thresholds = flags.threshold ?? [];
  const { leftOut } = ensureConditions(thresholds);
  const prices = overridePrices(LIST_PRICES, flags.price ?? []);
  const unpaced = readPlan(flags);
  const endpoint = await resolveEndpoint(query, access);
  const throttle = flags.ignoreLimits ? undefined : endpoint.stack?.turnsPerSecond;
  const { plan: whole, notes } = sharePlan(paceToStack(unpaced, throttle), machines);
  const phases = planPhases(whole);
  const { url } = endpoint;
  const { conversations, ...plan } = whole;
  const hop = toHopFacts('api', endpoint);
  const testAuth = await testAuthOf(endpoint);
  return {
    url,
    settings: { plan, auth: testAuth, hop, prices, thresholds, maxLagMs: flags.maxLag },
    conversations,
    machines,
    notes: [
      ...notes,
      ...phases.notes,
      ...(plan.session.type === 'fixed' && !plan.probe ? ['each thread of each machine has a fixed session of its own'] : []),
      ...leftOut.map((text) => `Artillery cannot judge ${text}; agentstream bench merge does`),
      ...(/^(?:127\.|localhost$|\[::1\]$)/.test(new URL(url).hostname) ? [`${url} is on this machine: no other reaches it`] : []),
    ],
    version: readVersion(),
  };
}

/** Reads no key, token or AWS credentials: the run brings its own. */
async function testAuthOf({ auth, access }: Endpoint): Promise<TestAuth> {
  if (auth.type === 'bearer') return { type: 'bearer', header: auth.header };
  if (auth.type !== 'iam') return { type: auth.type };
  const { region = (await openSigning(access)).region } = auth;
  return { type: 'iam', region };
}

function makeFolder(folder: string, isForced: boolean): void {
  let names: string[];
  try {
    mkdirSync(folder, { recursive: true });
    names = readdirSync(folder);
  } catch (error) {
    throw new OperationError('CANNOT_WRITE', `could not make ${folder}: ${(error as Error).message}`, { cause: error });
  }
  if (names.length === 0 || isForced) return;
  throw new UsageError('FOLDER_NOT_EMPTY', `the folder ${folder} is not empty`, {
    hint: 'another folder, or --force, which replaces the files of an earlier export',
  });
}
