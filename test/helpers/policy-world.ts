import { CloudFormationClient, CreateStackCommand, waitUntilStackCreateComplete } from '@aws-sdk/client-cloudformation';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { echoAgent, type Emulator, startEmulator } from '../../src/emulator/index.ts';
import type { PolicyDocument } from '../../src/emulator/index.ts';
import { AGENT_ARN, awsEnvironment, REGION } from './chain.ts';
import { functionResources } from './function-resources.ts';
import { type CliResult, runCli } from './run-cli.ts';

/** One IAM action that was asked for, by whom, and the answer. */
export interface AskedAction {
  readonly caller: string;
  readonly action: string;
  readonly resource: string;
  readonly allowed: boolean;
}

interface ValidationFinding {
  readonly name: 'PROPERTY_VALIDATION';
  readonly reason: string;
  readonly path: string;
}

/** An account with its owner, and a person who has one policy. */
export interface PolicyWorld {
  readonly emulator: Emulator;
  /** What may go wrong with the stack, by logical id; may change at any time. */
  readonly misfortune: {
    failResources: Record<string, string>;
    failRestores: Record<string, string>;
    failValidation: Record<string, ValidationFinding>;
    /** Types that are called by their logical ids. */
    namedByLogicalId: readonly string[];
    /** Whether handlers read settings that the template leaves out. */
    readsUnset: boolean;
  };
  /** What IAM was asked for in the person's name. */
  readonly asked: AskedAction[];
  /** Everything that IAM was asked for. */
  readonly all: AskedAction[];
  /** A command as the person. */
  run(...args: string[]): Promise<CliResult>;
  /** The same; a deploy then proves its endpoint. */
  runWithProof(...args: string[]): Promise<CliResult>;
  /** A command as the account's owner. */
  runAsOwner(...args: string[]): Promise<CliResult>;
  close(): Promise<void>;
}

export const DEPLOYER_ARN = 'arn:aws:iam::000000000000:user/deployer';
export const SERVICE_ROLE_ARN = 'arn:aws:iam::000000000000:role/cloudformation-service';
export const WEB_ACL_ARN = `arn:aws:wafv2:${REGION}:000000000000:regional/webacl/own/1`;
export const USER_POOL_ARN = `arn:aws:cognito-idp:${REGION}:000000000000:userpool/${REGION}_pool00001`;
export const AUTHORIZER_ARN = `arn:aws:lambda:${REGION}:000000000000:function:own-authorizer`;

/** What was there before: the role of API Gateway's logs, and a function that says who may call. */
const OTHERS_STACK = {
  Resources: {
    Account: {
      Type: 'AWS::ApiGateway::Account',
      Properties: { CloudWatchRoleArn: 'arn:aws:iam::000000000000:role/gateway-logs' },
    },
    ...functionResources('exports.handler = async () => ({});', { name: 'own-authorizer' }),
  },
};

/** @param rolePolicy of a service role that CloudFormation can be given */
export async function startPolicyWorld(policy: PolicyDocument, rolePolicy?: PolicyDocument): Promise<PolicyWorld> {
  const misfortune: PolicyWorld['misfortune'] = {
    failResources: {},
    failRestores: {},
    failValidation: {},
    namedByLogicalId: [],
    readsUnset: true,
  };
  const all: AskedAction[] = [];
  const asked: AskedAction[] = [];
  const key = { accessKeyId: 'AKIADEPLOYER', secretAccessKey: 'secret-of-the-deployer' };
  const emulator = await startEmulator({
    agents: new Map([[AGENT_ARN, echoAgent()]]),
    principals: [
      { ...key, arn: DEPLOYER_ARN, policy },
      ...(rolePolicy
        ? [{ accessKeyId: 'ASIAROLE', secretAccessKey: 'nobody-has-it', arn: SERVICE_ROLE_ARN, policy: rolePolicy }]
        : []),
    ],
    userPools: [USER_POOL_ARN],
    webAcls: [WEB_ACL_ARN],
    apiGateway: { deleteRestApiIntervalMs: 0 },
    cloudFormation: {
      get failResources() {
        return misfortune.failResources;
      },
      get failRestores() {
        return misfortune.failRestores;
      },
      get failValidation() {
        return misfortune.failValidation;
      },
      get readsUnset() {
        return misfortune.readsUnset;
      },
      get namedByLogicalId() {
        return misfortune.namedByLogicalId;
      },
    },
    onEvent(event) {
      if (event.type !== 'authorization' && event.type !== 'resource-call') return;
      all.push(event);
      if (event.caller === DEPLOYER_ARN) asked.push(event);
    },
  });
  await makeOthers(emulator);
  const stateFolder = mkdtempSync(join(tmpdir(), 'agentstream-policy-'));
  const owner = { ...awsEnvironment(emulator), XDG_STATE_HOME: stateFolder };
  const person = { ...owner, AWS_ACCESS_KEY_ID: key.accessKeyId, AWS_SECRET_ACCESS_KEY: key.secretAccessKey };
  return {
    emulator,
    misfortune,
    asked,
    all,
    run: (...args) => runCli(args, { env: person }),
    runWithProof: (...args) => runCli(args, { env: person, proves: true }),
    runAsOwner: (...args) => runCli(args, { env: owner }),
    async close() {
      await emulator.close();
      rmSync(stateFolder, { recursive: true, force: true });
    },
  };
}

async function makeOthers({ url, credentials }: Emulator): Promise<void> {
  const client = new CloudFormationClient({ endpoint: url, region: REGION, credentials });
  const StackName = 'others';
  await client.send(
    new CreateStackCommand({ StackName, TemplateBody: JSON.stringify(OTHERS_STACK), Capabilities: ['CAPABILITY_IAM'] }),
  );
  const limits = { client, maxWaitTime: 30, minDelay: 0.01, maxDelay: 0.05 };
  await waitUntilStackCreateComplete(limits, { StackName });
  client.destroy();
}
