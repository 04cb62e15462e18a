import {
  APIGatewayClient,
  GetApiKeysCommand,
  GetDomainNamesCommand,
  GetRestApisCommand,
  GetUsagePlansCommand,
} from '@aws-sdk/client-api-gateway';
import { CloudFormationClient, CreateStackCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { main } from '../../src/cli.ts';
import {
  type Agent,
  type ApiCall,
  type AwsError,
  echoAgent,
  type Emulator,
  type EmulatorOptions,
  startEmulator,
} from '../../src/emulator/index.ts';
import { AGENT_ARN, awsEnvironment, REGION } from './chain.ts';
import { createMemoryTerminal, type MemoryTerminal } from './memory-terminal.ts';
import { type CliResult, jsonLines, runCli, withoutProof } from './run-cli.ts';

/** What a test may change while the emulator runs. */
export interface Misfortune {
  slowResources: Record<string, number | Promise<unknown>>;
  failResources: Record<string, string>;
  failDeletes: Record<string, string>;
  failRestores: Record<string, string>;
  failValidation: Record<string, { name: 'NAME_CONFLICT_VALIDATION' | 'PROPERTY_VALIDATION'; reason: string; path: string }>;
  refuseCall: ((call: ApiCall) => AwsError | 'cut' | undefined) | undefined;
}

/** An account on an emulator, and commands that work in it. */
export interface StackWorld {
  readonly emulator: Emulator;
  readonly misfortune: Misfortune;
  /** Every API call that was answered: `cloudformation CreateChangeSet`. */
  readonly calls: string[];
  readonly env: Record<string, string>;
  /** Where the commands keep their state. */
  readonly stateFolder: string;
  readonly cloudFormation: CloudFormationClient;
  run(...args: string[]): Promise<CliResult>;
  /** `deploy` of the test's agent. */
  deploy(...args: string[]): Promise<CliResult>;
  /** Creates the stack `agentstream` from a template of ours as any other tool would, and waits until it is complete. */
  putUp(templateBody: string): Promise<void>;
  /** Begins a command whose end is waited for later. */
  begin(...args: string[]): { readonly terminal: MemoryTerminal; readonly done: Promise<number> };
  /** Status of the stack `agentstream`; undefined when there is none. */
  status(): Promise<string | undefined>;
  /** Holds a resource up until the returned function is called. */
  hold(logicalId: string): () => void;
  /** Nothing is left in any service. */
  expectNothing(): Promise<void>;
  /** All is well again, and nothing exists. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

export async function startStackWorld(
  options: Omit<EmulatorOptions, 'agents' | 'onEvent' | 'refuseCall'> = {},
  agent: Agent = echoAgent(),
): Promise<StackWorld> {
  const misfortune: Misfortune = {
    slowResources: {},
    failResources: {},
    failDeletes: {},
    failRestores: {},
    failValidation: {},
    refuseCall: undefined,
  };
  const calls: string[] = [];
  const emulator = await startEmulator({
    ...options,
    agents: new Map([[AGENT_ARN, agent]]),
    // Each test destroys what it has made.
    apiGateway: { deleteRestApiIntervalMs: 0, ...options.apiGateway },
    cloudFormation: Object.defineProperties(
      { ...options.cloudFormation },
      Object.fromEntries(
        Object.keys(misfortune).map((name) => [name, { get: () => misfortune[name as keyof Misfortune], enumerable: true }]),
      ),
    ),
    refuseCall: (call) => misfortune.refuseCall?.(call),
    onEvent(event) {
      if (event.type === 'api-call') calls.push(`${event.service} ${event.action}`);
    },
  });
  const stateFolder = mkdtempSync(join(tmpdir(), 'agentstream-state-'));
  const env = { ...awsEnvironment(emulator), XDG_STATE_HOME: stateFolder };
  const config = { endpoint: emulator.url, region: REGION, credentials: emulator.credentials };
  const cloudFormation = new CloudFormationClient(config);
  const run = (...args: string[]): Promise<CliResult> => runCli(args, { env });
  const world: StackWorld = {
    emulator,
    misfortune,
    calls,
    env,
    stateFolder,
    cloudFormation,
    run,
    deploy: (...args) => run('deploy', '--agent-arn', AGENT_ARN, ...args),
    async putUp(templateBody) {
      await cloudFormation.send(
        new CreateStackCommand({
          StackName: 'agentstream',
          TemplateBody: templateBody,
          Parameters: [{ ParameterKey: 'AgentRuntimeArn', ParameterValue: AGENT_ARN }],
          Capabilities: ['CAPABILITY_IAM'],
        }),
      );
      await expect.poll(() => world.status()).toBe('CREATE_COMPLETE');
    },
    begin(...args) {
      const terminal = createMemoryTerminal({ env });
      return { terminal, done: main(withoutProof(args), terminal) };
    },
    async status() {
      const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({}));
      return Stacks.find(({ StackName }) => StackName === 'agentstream')?.StackStatus;
    },
    hold(logicalId) {
      let release = (): void => undefined;
      const gate = new Promise<void>((resolve) => (release = resolve));
      misfortune.slowResources[logicalId] = gate;
      return () => {
        delete misfortune.slowResources[logicalId];
        release();
      };
    },
    async expectNothing() {
      const apiGateway = new APIGatewayClient(config);
      const lambda = new LambdaClient(config);
      const found: Readonly<Record<string, readonly unknown[]>> = {
        stacks: (await cloudFormation.send(new DescribeStacksCommand({}))).Stacks ?? [],
        apis: (await apiGateway.send(new GetRestApisCommand({}))).items ?? [],
        keys: (await apiGateway.send(new GetApiKeysCommand({}))).items ?? [],
        plans: (await apiGateway.send(new GetUsagePlansCommand({}))).items ?? [],
        functions: (await lambda.send(new ListFunctionsCommand({}))).Functions ?? [],
        domains: (await apiGateway.send(new GetDomainNamesCommand({}))).items ?? [],
        ...emulator.inventory(),
      };
      expect(found).toEqual(Object.fromEntries(Object.keys(found).map((kind) => [kind, []])));
    },
    async reset() {
      for (const name of Object.keys(misfortune)) {
        Object.assign(misfortune, { [name]: name === 'refuseCall' ? undefined : {} });
      }
      await run('destroy', '--yes', '--force');
    },
    async close() {
      cloudFormation.destroy();
      await emulator.close();
      rmSync(stateFolder, { recursive: true, force: true });
    },
  };
  return world;
}

/** The last JSON line of a `--json` run. */
export function resultOf({ stdout }: Pick<CliResult, 'stdout'>): Record<string, unknown> {
  return jsonLines(stdout).at(-1) ?? {};
}
