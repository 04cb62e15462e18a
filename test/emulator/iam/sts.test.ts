import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
  waitUntilStackCreateComplete,
} from '@aws-sdk/client-cloudformation';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Emulator, startEmulator } from '../../../src/emulator/index.ts';
import { REGION } from '../../helpers/chain.ts';
import { runBin } from '../../helpers/spawned.ts';

const OTHER = { accessKeyId: 'AKIAOTHER', secretAccessKey: 'of-somebody' };
const trusting = (AWS: string) => ({ Statement: { Effect: 'Allow', Principal: { AWS }, Action: 'sts:AssumeRole' } });
const role = (trust: string, Action: string) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: trusting(trust),
    Policies: [{ PolicyName: 'p', PolicyDocument: { Statement: { Effect: 'Allow', Action, Resource: '*' } } }],
  },
});
const ROOT = 'arn:aws:iam::000000000000:root';
const TEMPLATE = {
  Resources: { Reader: role(ROOT, 'cloudformation:DescribeStacks'), Stranger: role('arn:aws:iam::111122223333:root', '*') },
  Outputs: { Reader: { Value: { 'Fn::GetAtt': ['Reader', 'Arn'] } }, Stranger: { Value: { 'Fn::GetAtt': ['Stranger', 'Arn'] } } },
};

let emulator: Emulator;
let roles: Record<string, string>;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'agentstream-sts-'));
  emulator = await startEmulator({
    principals: [{ ...OTHER, policy: { Statement: { Effect: 'Allow', Action: 's3:*', Resource: '*' } } }],
  });
  const client = new CloudFormationClient({ endpoint: emulator.url, region: REGION, credentials: emulator.credentials });
  const StackName = 'roles';
  await client.send(
    new CreateStackCommand({ StackName, TemplateBody: JSON.stringify(TEMPLATE), Capabilities: ['CAPABILITY_IAM'] }),
  );
  await waitUntilStackCreateComplete({ client, maxWaitTime: 20, minDelay: 0.02, maxDelay: 0.1 }, { StackName });
  const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({ StackName }));
  roles = Object.fromEntries((stack?.Outputs ?? []).map((each) => [each.OutputKey, each.OutputValue]));
  client.destroy();
});
afterAll(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true });
});

/** A command by a profile that assumes a role with the keys of the environment: the SDK's own way. */
async function runAs(roleName: string, keys: { accessKeyId: string; secretAccessKey: string }) {
  const file = join(folder, 'config');
  writeFileSync(file, `[profile it]\nrole_arn = ${roles[roleName]}\ncredential_source = Environment\nregion = ${REGION}\n`);
  const env = { AWS_CONFIG_FILE: file, AWS_PROFILE: 'it', AWS_ENDPOINT_URL: emulator.url, XDG_STATE_HOME: folder, HOME: folder };
  const given = { AWS_ACCESS_KEY_ID: keys.accessKeyId, AWS_SECRET_ACCESS_KEY: keys.secretAccessKey };
  const result = await runBin(['destroy', '--yes', '--stack-name', 'roles', '--force'], { ...env, ...given });
  return result.stderr;
}

test('a role that trusts the account can be assumed, and may do what its policy allows', async () => {
  const said = await runAs('Reader', emulator.credentials);
  expect(said).toMatch(/assumed-role\/roles-Reader-\w+\/session is not authorized to perform: cloudformation:ListStackResources/);
});

test('a role that trusts another account cannot, and neither can a caller whose own policy does not allow it', async () => {
  expect(await runAs('Stranger', emulator.credentials)).toMatch(/not authorized to perform: sts:AssumeRole/);
  expect(await runAs('Reader', OTHER)).toMatch(/user\/AKIAOTHER is not authorized to perform: sts:AssumeRole/);
});
