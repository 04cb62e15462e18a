import { ListChangeSetsCommand } from '@aws-sdk/client-cloudformation';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { main } from '../../src/cli.ts';
import { AGENT_ARN } from '../helpers/chain.ts';
import { createMemoryTerminal } from '../helpers/memory-terminal.ts';
import { jsonLines } from '../helpers/run-cli.ts';
import { resultOf, startStackWorld, type StackWorld } from '../helpers/stack-world.ts';

let world: StackWorld;
beforeAll(async () => {
  world = await startStackWorld();
});
afterEach(() => world.reset());
afterAll(() => world.close());

test('shows what changes: resource, property, before and after, and what is replaced', async () => {
  await world.deploy();
  const changed = await world.run('deploy', '--memory', '1024', '--heartbeat', '5s');
  expect(changed.stderr).toContain('  ~ Function  AWS::Lambda::Function\n');
  expect(changed.stderr).toContain('      MemorySize: 512 -> 1024\n');
  // Of an object only the member that differs.
  expect(changed.stderr).toContain('      Environment.Variables.HEARTBEAT_MS: 15000 -> 5000\n');
  expect(changed.stderr).toContain('0 to add, 1 to change, 0 to remove');

  const json = jsonLines((await world.run('deploy', '--auth', 'none', '--json')).stdout);
  const changes = json.find(({ type }) => type === 'changes')?.['changes'];
  expect(changes).toContainEqual(expect.objectContaining({ action: 'Remove', logicalId: 'ApiKey', properties: [] }));
  expect(changes).toContainEqual(
    expect.objectContaining({
      action: 'Modify',
      logicalId: 'InvokePostMethod',
      replacement: 'False',
      properties: [{ path: 'ApiKeyRequired', before: 'true', after: 'false' }],
    }),
  );
});

test('never shows an account, an ARN or a whole function', async () => {
  await world.deploy();
  const other = AGENT_ARN.replace('test_agent', 'next_agent');
  const { stderr } = await world.run('deploy', '--agent-arn', other, '--dry-run', '--skip-preflight');
  expect(stderr).toContain(
    'Environment.Variables.AGENT_RUNTIME_ARN: runtime/test_agent-0123456789 -> runtime/next_agent-0123456789',
  );
  expect(stderr).not.toMatch(/arn:aws|\d{12}/);
});

test('--dry-run of a new stack shows all of it and leaves nothing, not even its shell', async () => {
  const dry = await world.deploy('--dry-run');
  expect(dry).toMatchObject({ exitCode: 0, stdout: '' });
  expect(dry.stderr).toMatch(/ {2}\+ Function {2,}AWS::Lambda::Function\n/);
  expect(dry.stderr).toContain('19 to add, 0 to change, 0 to remove\nnothing was changed (--dry-run)');
  await expect.poll(() => world.status()).toBeUndefined();
  await world.expectNothing();
});

test('--dry-run of an update changes nothing and takes its change set away', async () => {
  await world.deploy();
  const dry = await world.run('deploy', '--memory', '1024', '--dry-run', '--json');
  expect(resultOf(dry)).toMatchObject({ ok: true, outcome: 'dry-run', changes: [{ action: 'Modify', logicalId: 'Function' }] });
  expect(await world.status()).toBe('CREATE_COMPLETE');
  const { Summaries } = await world.cloudFormation.send(new ListChangeSetsCommand({ StackName: 'agentstream' }));
  expect(Summaries).toHaveLength(1);
  expect((await world.run('deploy', '--dry-run')).stderr).toContain('a deploy would change nothing (--dry-run)');
});

test('Ctrl-C while the changes are shown: none is made', async () => {
  await world.deploy();
  const terminal = createMemoryTerminal({ env: world.env });
  const { write } = terminal.stderr;
  Object.assign(terminal.stderr, {
    write(text: string) {
      write(text);
      if (text.includes('0 to add, 1 to change')) terminal.interrupt();
    },
  });
  expect(await main(['deploy', '--memory', '1024', '--no-verify'], terminal)).toBe(130);
  expect(terminal.text.stderr).toContain('hint: nothing was changed');
  expect(await world.status()).toBe('CREATE_COMPLETE');
});

/** A stack of an older template: its API has another logical id, so the new one replaces it. */
async function deployOlderTemplate(): Promise<void> {
  const template = (await world.run('template')).stdout;
  await world.putUp(
    template
      .replace('\n  Api:\n', '\n  OldApi:\n')
      .replaceAll('!Ref Api\n', '!Ref OldApi\n')
      .replaceAll('!GetAtt Api.', '!GetAtt OldApi.')
      .replaceAll('${Api}', '${OldApi}'),
  );
}

test('a new API means a new URL: asks before, and without a terminal wants --yes', async () => {
  await deployOlderTemplate();
  const refused = await world.deploy();
  expect(refused.exitCode).toBe(2);
  expect(refused.stderr).toContain('  - OldApi');
  expect(refused.stderr).toMatch(/RestApiId: [a-z0-9]+ -> \(known after apply\)/);
  expect(refused.stderr).toContain('the API is replaced: it gets a new URL, and the old one is gone');
  expect(refused.stderr).toContain('hint: add --yes');
  expect(await world.status()).toBe('CREATE_COMPLETE');
  const { Summaries } = await world.cloudFormation.send(new ListChangeSetsCommand({ StackName: 'agentstream' }));
  expect(Summaries ?? []).toEqual([]);
  expect(await world.deploy('--yes')).toMatchObject({ exitCode: 0 });
  expect(await world.status()).toBe('UPDATE_COMPLETE');
});

test('a deploy over a whole template with readable code changes the code alone', async () => {
  const whole = (await world.run('template', '--full')).stdout;
  await world.putUp(whole.replace('// Compressed', '// An earlier version'));
  const dry = await world.run('deploy', '--dry-run', '--json');
  expect(resultOf(dry)).toMatchObject({ ok: true, changes: [{ action: 'Modify', logicalId: 'Function' }] });
  expect((resultOf(dry)['changes'] as unknown[]).length).toBe(1);
  // What was off comes with its option, stays, and goes with it.
  expect(await world.run('deploy', '--waf', '--yes')).toMatchObject({ exitCode: 0 });
  expect(await world.run('deploy', '--memory', '1024')).toMatchObject({ exitCode: 0 });
  const { parameters } = resultOf(await world.run('status', '--json'));
  expect(parameters).toMatchObject({ Waf: 'managed', MemorySize: '1024' });
  const off = resultOf(await world.run('deploy', '--no-waf', '--dry-run', '--json'))['changes'] as { logicalId: string }[];
  expect(off.map(({ logicalId }) => logicalId).sort()).toEqual(['WebAcl', 'WebAclAssociation']);
});

test('a no at the question changes nothing; a yes goes on', async () => {
  await deployOlderTemplate();
  const answer = async (text: string) => {
    const terminal = createMemoryTerminal({ env: { ...world.env, NO_COLOR: '1' }, isTTY: true, stdin: `${text}\n` });
    return { code: await main(['deploy', '--agent-arn', AGENT_ARN, '--no-verify'], terminal), terminal };
  };
  const no = await answer('n');
  expect(no.code).toBe(130);
  expect(no.terminal.text.stderr).toContain('stopped: nothing was changed');
  expect(await world.status()).toBe('CREATE_COMPLETE');
  expect((await answer('y')).code).toBe(0);
  expect(await world.status()).toBe('UPDATE_COMPLETE');
});

test('what validation finds is told with its path, all of it, and nothing is left', async () => {
  world.misfortune.failValidation = {
    FunctionLogGroup: {
      name: 'NAME_CONFLICT_VALIDATION',
      reason: "Resource of type 'AWS::Logs::LogGroup' with identifier 'taken' already exists.",
      path: '/Resources/FunctionLogGroup/Properties/LogGroupName',
    },
    Function: {
      name: 'PROPERTY_VALIDATION',
      reason: 'Required property [Role] not found',
      path: '/Resources/Function/Properties',
    },
  };
  const result = await world.deploy('--json');
  expect(result.exitCode).toBe(1);
  const failures = jsonLines(result.stdout).filter(({ type }) => type === 'validation-failure');
  expect(failures).toHaveLength(2);
  expect(failures).toContainEqual({
    type: 'validation-failure',
    version: 1,
    logicalId: 'Function',
    resourceType: 'AWS::Lambda::Function',
    path: '/Resources/Function/Properties',
    reason: 'Required property [Role] not found',
  });
  expect(resultOf(result)).toMatchObject({
    ok: false,
    error: {
      code: 'CHANGE_SET_FAILED',
      message: expect.stringMatching(/^Function.* would fail: .* at \/Resources\/.* \(and 1 more\)$/),
    },
  });
  await expect.poll(() => world.status()).toBeUndefined();
  await world.expectNothing();

  world.misfortune.failValidation = {
    FunctionLogGroup: {
      name: 'NAME_CONFLICT_VALIDATION',
      reason: "Resource of type 'AWS::Logs::LogGroup' with identifier 'taken' already exists.",
      path: '/Resources/FunctionLogGroup/Properties/LogGroupName',
    },
  };
  expect((await world.deploy()).stderr).toContain(
    'hint: a resource of that name already exists: remove it, or choose another --stack-name; nothing was changed',
  );
});
