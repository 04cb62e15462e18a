import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import {
  GetApiKeysCommand,
  APIGatewayClient,
  GetRestApisCommand,
  GetUsagePlansCommand,
} from '@aws-sdk/client-api-gateway';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { echoAgent } from '../../src/emulator/index.ts';
import { type Chain, REGION, startChain } from '../helpers/chain.ts';
import { jsonLines, runCli } from '../helpers/run-cli.ts';

let chain: Chain;
beforeEach(async () => {
  chain = await startChain(echoAgent(), { parameters: { AuthMode: 'api-key' } });
});
afterEach(() => chain.close());

test('lists what goes, deletes it, and leaves nothing in any service', async () => {
  const result = await runCli(['destroy', '--yes', '--stack-name', 'chain'], { env: chain.env });
  expect(result).toMatchObject({ exitCode: 0, stdout: '' });
  expect(result.stderr).toContain('The stack chain in us-east-1 has 19 resources:');
  expect(result.stderr).toMatch(/AWS::Lambda::Function +chain-Function-/);
  expect(result.stderr).toContain('destroyed chain: 19 resources removed, nothing is left');

  const config = {
    endpoint: chain.emulator.url,
    region: REGION,
    credentials: chain.emulator.credentials,
  };
  const apiGateway = new APIGatewayClient(config);
  expect((await apiGateway.send(new GetRestApisCommand({}))).items ?? []).toEqual([]);
  expect((await apiGateway.send(new GetApiKeysCommand({}))).items ?? []).toEqual([]);
  expect((await apiGateway.send(new GetUsagePlansCommand({}))).items ?? []).toEqual([]);
  expect((await new LambdaClient(config).send(new ListFunctionsCommand({}))).Functions).toEqual([]);
  expect(
    (await new CloudFormationClient(config).send(new DescribeStacksCommand({}))).Stacks ?? [],
  ).toEqual([]);
});

test('with nothing there it says so and exits 0', async () => {
  const result = await runCli(['destroy', '--yes', '--stack-name', 'nobody'], { env: chain.env });
  expect(result).toMatchObject({
    exitCode: 0,
    stderr: 'nothing to destroy: there is no stack nobody in us-east-1\n',
  });
  const asJson = await runCli(['destroy', '--stack-name', 'nobody', '--json'], { env: chain.env });
  expect(jsonLines(asJson.stdout)).toEqual([
    {
      type: 'result',
      version: 1,
      ok: true,
      found: false,
      stackName: 'nobody',
      region: REGION,
      removed: [],
      kept: [],
    },
  ]);
});

test('without a terminal it wants --yes, and touches nothing', async () => {
  const result = await runCli(['destroy', '--stack-name', 'chain'], { env: chain.env });
  expect(result.exitCode).toBe(2);
  expect(result.stderr).toContain('hint: add --yes');
  expect((await runCli(['status', '--stack-name', 'chain'], { env: chain.env })).exitCode).toBe(0);
});

test('tells a program what was removed', async () => {
  const result = await runCli(['destroy', '--yes', '--json', '--stack-name', 'chain'], {
    env: chain.env,
  });
  const last = jsonLines(result.stdout).at(-1);
  expect(last).toMatchObject({ type: 'result', ok: true, found: true, kept: [] });
  expect(last?.['removed']).toHaveLength(19);
});
