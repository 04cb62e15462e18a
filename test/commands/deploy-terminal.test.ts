import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { AGENT_ARN } from '../helpers/chain.ts';
import { spawnOnTerminal } from '../helpers/spawned.ts';
import { startStackWorld, type StackWorld } from '../helpers/stack-world.ts';
import { hasTmux, startInTmux, type TmuxSession } from '../helpers/tmux.ts';

let world: StackWorld;
let session: TmuxSession | undefined;
beforeAll(async () => {
  world = await startStackWorld();
});
afterEach(async () => {
  session?.close();
  session = undefined;
  await world.reset();
});
afterAll(() => world.close());

const open = (args: string[], size = {}): TmuxSession => {
  session = startInTmux(args, { env: world.env, ...size });
  return session;
};
const DEPLOY = ['deploy', '--agent-arn', AGENT_ARN, '--no-verify'];

describe.skipIf(!hasTmux)('on a real terminal', () => {
  test('a live block with a bar and what is in flight, replaced by the result', async () => {
    const release = world.hold('Function');
    const deploy = open(DEPLOY);
    await deploy.see(/▕█+.*▏ \d+\/19 {2}creating the stack {2}\d+ s\n/);
    await deploy.see(/ {2}CREATE_IN_PROGRESS +AWS::Lambda::Function {2}Function {2}\d+ s/);
    // What is done has no row.
    expect(deploy.screen()).not.toMatch(/CREATE_COMPLETE|CREATE_IN_PROGRESS.*FunctionRole/);
    const seconds = (): number => Number(/stack {2}(\d+) s/.exec(deploy.screen())?.[1]);
    const before = seconds();
    await expect.poll(seconds, { timeout: 60_000 }).toBeGreaterThan(before);
    release();
    await deploy.see('[status 0]');
    const screen = deploy.screen();
    expect(screen).not.toMatch(/[▕█▏]|IN_PROGRESS/);
    expect(screen).toMatch(/^built the function \(.* kB; with the template .* kB of 51\.2 kB\)\n/);
    expect(screen).toContain('19 to add, 0 to change, 0 to remove\ncreated stack agentstream');
    expect(screen).toMatch(/\nhttp:\/\/127\.0\.0\.1:\d+\/_aws\/execute-api\/\w+\/v1\n\nTry it:/);
  });

  test('a failure is red with its reason at once, while the rollback runs', async () => {
    world.misfortune.failResources = { ApiKey: 'The account has no room for another key.' };
    world.misfortune.slowResources = { FunctionLogGroup: Number.POSITIVE_INFINITY };
    const failKey = world.hold('ApiKey');
    const deploy = open(DEPLOY, { columns: 72 });
    await deploy.see(/CREATE_IN_PROGRESS +AWS::ApiGateway::ApiKey/);
    await expect.poll(() => world.emulator.inventory().roles.length).toBe(0);
    const deleteApi = world.hold('Api');
    await expect.poll(() => world.calls.length).toBeGreaterThan(5);
    failKey();
    await deploy.see(/ {2}CREATE_FAILED +AWS::ApiGateway::ApiKey {2}ApiKey\n {4}The account has no room/);
    await deploy.see(/rolling back {2}\d+ s\n/);
    expect(deploy.output()).toContain('\u001B[31m  CREATE_FAILED');
    // An echo of the failure is none itself.
    expect(deploy.screen()).not.toContain('cancelled');
    deleteApi();
    await deploy.see('[status 1]');
    const screen = deploy.screen();
    expect(screen).toContain('error: ApiKey (AWS::ApiGateway::ApiKey) failed: The account has no room');
    expect(screen).not.toMatch(/[▕█▏]|rolling back/);
  });

  test('Ctrl-C takes the block away and says how to follow; --attach does it', async () => {
    const release = world.hold('Function');
    const deploy = open(DEPLOY);
    await deploy.see(/CREATE_IN_PROGRESS +AWS::Lambda::Function/);
    deploy.press('C-c');
    await deploy.see('[status 130]');
    expect(deploy.screen()).toContain(
      'stopped: interrupted\nhint: the operation continues in AWS; follow it with: agentstream deploy --region us-east-1 --attach',
    );
    expect(deploy.screen()).not.toMatch(/[▕█▏]/);
    deploy.close();
    const attached = open(['deploy', '--attach']);
    await attached.see(/\d+ done {2}following the operation on agentstream \(CREATE_IN_PROGRESS\)/);
    release();
    await attached.see('[status 0]');
    expect(attached.screen()).toContain('created stack agentstream');
  });

  test('destroy asks, shows what goes, and ends with the report', async () => {
    await world.deploy();
    const release = world.hold('Function');
    const destroy = open(['destroy']);
    await destroy.see('Delete all of it? [y/N]');
    destroy.type('y');
    destroy.press('Enter');
    await destroy.see(/▕█+.*▏ \d+\/19 {2}deleting the stack {2}\d+ s\n/);
    await destroy.see(/ {2}DELETE_IN_PROGRESS +AWS::Lambda::Function {2}Function/);
    release();
    await destroy.see('[status 0]');
    expect(destroy.screen()).toContain('destroyed agentstream: 19 resources removed, nothing is left');
    expect(destroy.screen()).not.toMatch(/[▕█▏]/);
  });

  test.each(['C-c', 'C-d'])('%s at a question leaves a clean line', async (key) => {
    await world.deploy();
    const destroy = open(['destroy']);
    await destroy.see('Delete all of it? [y/N]');
    destroy.press(key);
    await destroy.see(/\[y\/N\] (\^C)?\nstopped: (interrupted\nhint: )?nothing was changed\n\[status 130\]$/);
  });

  test('a terminal that is low and narrow is not overrun', async () => {
    world.misfortune.slowResources = Object.fromEntries(
      ['FunctionLogGroup', 'Api', 'ApiKey'].map((name) => [name, Number.POSITIVE_INFINITY]),
    );
    const deploy = open([...DEPLOY], { columns: 40, rows: 6 });
    await deploy.see(/and \d more lines|ApiKey/);
    const redraws = (): number => deploy.output().split('▕').length;
    await expect.poll(redraws, { timeout: 60_000 }).toBeGreaterThan(4);
    deploy.press('C-c');
    await deploy.see('[status 130]');
    // Redrawn in place: one bar at most has scrolled by.
    expect(deploy.screen().match(/▕/g)?.length ?? 0).toBeLessThanOrEqual(1);
  });
});

test('on a terminal that does not tell its size, lines', async () => {
  const spawned = spawnOnTerminal(DEPLOY, 0, world.env);
  expect(await spawned.exit).toBe(0);
  expect(spawned.text.stdout).toContain('CREATE_COMPLETE Function (AWS::Lambda::Function)');
  expect(spawned.text.stdout).not.toContain('\u001B[2K');
});
