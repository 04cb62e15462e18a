import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startTurnServer, type TurnServer } from '../helpers/turn-server.ts';
import { artillery, exportTest, runTest, runWithArtillery } from '../helpers/artillery.ts';

let folder: string;
let server: TurnServer;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'agentstream-'));
  server = await startTurnServer();
  await exportTest(join(folder, 'load'), ['--url', server.url, '--api-key', 'the-key']);
});
afterEach(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

test.skipIf(!artillery)(
  'a test without its key ends before anything is sent',
  async () => {
    const run = await runTest(join(folder, 'load'));
    expect(run.exitCode).not.toBe(0);
    expect(run.output).toContain('AGENTSTREAM_API_KEY is not set');
    expect(server.turns).toEqual([]);
  },
  60_000,
);

/** Prints what Artillery takes to Lambda and to Fargate. */
const BUNDLE = `
const { createBOM } = await import(process.env.ARTILLERY_MODULES + '/artillery/dist/lib/platform/aws-ecs/legacy/bom.js');
const script = process.argv[2];
createBOM(script, [], { flags: {}, scenarioPath: script }, (error, { files, modules, externals }) => {
  if (error) throw error;
  console.log(JSON.stringify({ files: files.map(({ noPrefix }) => noPrefix), modules, externals }));
  process.exit(0);
});
`;

test.skipIf(!artillery)(
  'Artillery takes all that the test needs to other machines',
  async () => {
    const program = join(folder, 'bundle.mjs');
    writeFileSync(program, BUNDLE);
    const bundle = await runWithArtillery(folder, [program, join(folder, 'load/test.yml')]);
    expect(bundle).toMatchObject({ exitCode: 0 });
    const { files, modules, externals } = JSON.parse(bundle.output.trim().split('\n').at(-1) ?? '') as {
      files: string[];
      modules: unknown;
      externals: unknown;
    };
    expect(files.toSorted()).toEqual(['package.json', 'processor.mjs', 'prompts.ndjson', 'test.yml']);
    expect({ modules, externals }).toEqual({ modules: ['agentstream'], externals: [] });
  },
  60_000,
);
