import { APIGatewayClient, GetRestApiCommand, GetStageCommand } from '@aws-sdk/client-api-gateway';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { echoAgent, type Emulator, startEmulator } from '../../src/emulator/index.ts';
import { deployStack } from '../../src/stack/deploy-stack.ts';
import { describeStack, type Stack } from '../../src/aws/stack.ts';
import { destroyStack } from '../../src/stack/run-destroy.ts';
import { listStackResources } from '../../src/stack/own-stack.ts';
import { createTemplateRenderer, type TemplateRenderer } from '../../src/stack/template-renderer.ts';
import { AGENT_ARN, REGION } from '../helpers/chain.ts';
import { type Policy, printPolicy } from '../helpers/policy-coverage.ts';
import { send } from '../helpers/post.ts';
import { ALL_OFF, DIMENSIONS, isAllowedRow, rowFlags, rowParameters, type Surroundings, USER_POOL_ARN } from './option-space.ts';
import { pairwise, type Row } from './pairwise.ts';
import { resolveTemplate } from './resolve-template.ts';
import { makeSurroundings } from './surroundings.ts';

const ROWS = pairwise(DIMENSIONS, isAllowedRow);
const NAME = 'matrix';
const DEPLOYER = { accessKeyId: 'AKIADEPLOYER', secretAccessKey: 'of-the-deployer' };

let emulator: Emulator;
let client: CloudFormationClient;
let deployer: CloudFormationClient;
/** What `iam-policy` prints for the deployer's next step. */
let statements: Policy['Statement'] = [];
let apiGateway: APIGatewayClient;
let renderer: TemplateRenderer;
let given: Surroundings;
let before: unknown;

beforeAll(async () => {
  emulator = await startEmulator({
    agents: new Map([[AGENT_ARN, echoAgent()]]),
    userPools: [USER_POOL_ARN],
    principals: [
      {
        ...DEPLOYER,
        get policy() {
          return { Statement: statements };
        },
      },
    ],
  });
  const config = { endpoint: emulator.url, region: REGION, credentials: emulator.credentials };
  client = new CloudFormationClient(config);
  deployer = new CloudFormationClient({ ...config, credentials: DEPLOYER });
  apiGateway = new APIGatewayClient(config);
  renderer = await createTemplateRenderer();
  given = await makeSurroundings(client);
  before = emulator.inventory();
});
afterAll(async () => {
  client.destroy();
  deployer.destroy();
  apiGateway.destroy();
  await emulator.close();
});

async function policyOf(row: Row, ...more: string[]): Promise<Policy['Statement']> {
  return (await printPolicy('--stack-name', NAME, ...rowFlags(row, given), ...more)).Statement;
}

const QUIET = {
  timing: { firstPollMs: 10, pollMs: 20, pollInFlightMs: 20 },
  onEvent: () => undefined,
  signal: new AbortController().signal,
};

/** Somebody deploys who has just the policies of these options and of those that the stack had. */
async function deploy(row: Row, before = row): Promise<{ readonly stack: Stack; readonly type: string }> {
  statements = [...(await policyOf(row)), ...(await policyOf(before))];
  // Nobody takes a boundary off with the policy that it goes with.
  const takesBoundaryOff = before['boundary'] === 'on' && row['boundary'] === 'off';
  return deployStack(takesBoundaryOff ? client : deployer, {
    stackName: NAME,
    parameters: rowParameters(row, given),
    renderTemplate: renderer.render,
    ...QUIET,
  });
}

/** What the stack is made of must be what its template says for these parameters. */
async function expectWhole(row: Row, stack: Stack): Promise<void> {
  const parameters = rowParameters(row, given);
  const { resources, outputs } = resolveTemplate(renderer.render(parameters).body, parameters);
  const made = await listStackResources(client, stack.id);
  // The deployment's id follows what the stack had before, too: a user pool is kept while another mode is on.
  const ids = (names: readonly string[]): string[] =>
    names.map((name) => name.replace(/^(ApiDeployment)[0-9a-f]{10}$/, '$1')).sort();
  expect(ids(made.map(({ logicalId }) => logicalId))).toEqual(ids(Object.keys(resources)));
  expect(Object.keys(stack.outputs).sort()).toEqual([...outputs].sort());
  await expectInForce(parameters, stack.outputs);
  await expectGuarded(row, stack.outputs);
}

/** The slot of the API key means nothing in other modes. */
function differs(from: Row, to: Row): boolean {
  const meaning = (row: Row): Row => (row['auth'] === 'api-key' ? row : { ...row, key: '' });
  return JSON.stringify(meaning(from)) !== JSON.stringify(meaning(to));
}

/** What a replacement in the wrong order, or a property that is only added, would leave behind. */
async function expectInForce(
  parameters: Readonly<Record<string, string>>,
  { ApiId: restApiId, StageName: stageName, WafAclArn: aclArn }: Stack['outputs'],
): Promise<void> {
  const api = await apiGateway.send(new GetRestApiCommand({ restApiId }));
  const stage = await apiGateway.send(new GetStageCommand({ restApiId, stageName }));
  const cidrs = parameters['AllowCidrs']?.split(',').filter((range) => range !== '') ?? [];
  expect({
    types: api.endpointConfiguration?.types,
    vpcEndpoints: api.endpointConfiguration?.vpcEndpointIds ?? [],
    cidrs: cidrs.filter((range) => api.policy?.includes(range)),
    restricts: api.policy?.includes('NotIpAddress'),
    acl: stage.webAclArn,
    traces: stage.tracingEnabled ?? false,
    logs: stage.accessLogSettings !== undefined,
  }).toEqual({
    types: [parameters['EndpointType']],
    vpcEndpoints: parameters['EndpointType'] === 'PRIVATE' ? ['vpce-0a1b2c3d', 'vpce-1a2b3c4d'] : [],
    cidrs,
    restricts: cidrs.length > 0,
    acl: aclArn,
    traces: parameters['Tracing'] === 'on',
    logs: parameters['AccessLog'] === 'on',
  });
}

/** Status of a request without credentials, by auth mode. */
const WITHOUT_CREDENTIALS: Readonly<Record<string, number>> = {
  'api-key': 403,
  iam: 403,
  cognito: 401,
  scopes: 401,
  lambda: 401,
  none: 200,
};

/** The stage serves the new deployment at once: whoever has no credentials gets what the mode says, and no more. */
async function expectGuarded({ auth = '', endpoint }: Row, { ApiId, StageName }: Stack['outputs']): Promise<void> {
  const url = `${emulator.url}/_aws/execute-api/${ApiId}/${StageName}/probe`;
  const headers = endpoint === 'private' ? { 'x-emulator-vpce': 'vpce-1a2b3c4d' } : {};
  const { status } = await send('POST', url, { count: 1, interval_ms: 0 }, headers);
  expect([auth, endpoint, status]).toEqual([auth, endpoint, WITHOUT_CREDENTIALS[auth]]);
}

/**
 * AWS goes from private to edge by way of regional; it takes no domain along from one endpoint type to another, and none from a base path
 * to the root or back.
 */
function stepsBetween(from: Row, to: Row): Row[] {
  const [before, after] = [from['domain'], to['domain']];
  const isOtherType = from['endpoint'] !== to['endpoint'];
  const isOtherRoot = after !== 'off' && (before === 'path') !== (after === 'path');
  const withoutDomain = { ...from, domain: 'off' };
  const first = before !== 'off' && (isOtherType || isOtherRoot) ? [withoutDomain] : [];
  if (from['endpoint'] === 'private' && to['endpoint'] === 'edge') {
    return [{ ...to, endpoint: 'regional', domain: 'off' }, to];
  }
  return [...first, to];
}

test(
  'every combination deploys over the one before with the printed policies, under the same URL, and nothing stays',
  { timeout: 300_000 },
  async () => {
    let row = ROWS[0] ?? ALL_OFF;
    let { stack } = await deploy(row);
    await expectWhole(row, stack);
    const apiId = stack.outputs['ApiId'];
    let updates = 0;
    for (const target of [...ROWS.slice(1), ALL_OFF]) {
      for (const step of stepsBetween(row, target)) {
        const result = await deploy(step, row).catch((error: unknown) => {
          throw new Error(`from ${JSON.stringify(row)} to ${JSON.stringify(step)}`, { cause: error });
        });
        ({ stack } = result);
        expect([row, step, result.type]).toEqual([row, step, differs(row, step) ? 'updated' : 'no-changes']);
        expect(stack.outputs['ApiId']).toBe(apiId);
        await expectWhole(step, stack);
        row = step;
        updates += 1;
      }
    }
    console.log(`${updates} updates in place`);
    expect((await deploy(row)).type).toBe('no-changes');
    const resources = await listStackResources(client, stack.id);
    statements = await policyOf(row, '--for', 'destroy');
    await destroyStack(deployer, { stack, resources: resources.length, ...QUIET });
    expect(await describeStack(client, NAME)).toBeUndefined();
    expect(emulator.inventory()).toEqual(before);
  },
);
