import { APIGatewayClient, GetAccountCommand } from '@aws-sdk/client-api-gateway';
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStacksCommand,
  waitUntilStackCreateComplete,
  waitUntilStackDeleteComplete,
} from '@aws-sdk/client-cloudformation';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AwsAccess, clientConfig, resolveAwsAccess } from '../../src/aws/aws-access.ts';
import type { StackFlags } from '../../src/cli/options.ts';
import { type EmulatorOptions, startEmulator } from '../../src/emulator/index.ts';
import { AGENT_ARN, REGION } from '../helpers/chain.ts';
import { runProgram, type ProgramRun } from './program.ts';
import { queryAws } from './query-aws.ts';
import { type Support, supportTemplate } from './support-stack.ts';
import { createTellingAgent } from './telling-agent.ts';
import { startTlsFront, type TlsAddress, type TlsEndpoint } from './tls-front.ts';

/** The stacks of a run; their full names begin with `agentstream-test-`. */
export const STACKS = ['main', 'asking', 'brief', 'deployer'] as const;
export type StackName = (typeof STACKS)[number];

/** What a person names for rows that a run cannot make itself. */
export interface Names {
  readonly email?: string | undefined;
  readonly domain?: string | undefined;
  readonly certificateArn?: string | undefined;
  readonly hostedZoneId?: string | undefined;
  readonly vpcEndpointId?: string | undefined;
  /** This machine is in the network of the VPC endpoint. */
  readonly inVpc?: boolean | undefined;
  readonly userPoolArn?: string | undefined;
  /** Shell command that prints an access token of the pool, and the scope that it has. */
  readonly tokenCommand?: string | undefined;
  readonly tokenScope?: string | undefined;
  /** The agent answers as `telling-agent.ts` does. */
  readonly agentTells?: boolean | undefined;
  /** Whether to wait for limits of 15 minutes. */
  readonly long?: boolean | undefined;
}

/** The limits that rows wait for or fill: AWS's, or shrunk ones. */
export interface Limits {
  readonly idleMs: number;
  readonly edgeIdleMs: number;
  readonly streamMs: number;
  readonly responseBytes: number;
}

/** Where a run looks: an account, or the emulator. */
export interface World {
  readonly place: 'account' | 'emulator';
  readonly access: AwsAccess & { readonly region: string };
  readonly agentArn: string;
  readonly accountId: string;
  readonly names: Names;
  readonly limits: Limits;
  /** Whether API Gateway has a role for its logs; a run never sets one, since the whole account shares it. */
  readonly hasLogRole: boolean;
  readonly support: Support;
  /** The full name of a stack of the run. From now on it is destroyed at the end. */
  stackName(name: StackName): string;
  /** The program with `--json`, as the person who runs this. */
  run(args: readonly string[], env?: NodeJS.ProcessEnv): Promise<ProgramRun>;
  /** Environment of a program that has assumed a role. */
  asRole(roleArn: string): Promise<NodeJS.ProcessEnv>;
  /** Where TLS is spoken for a URL. @param endpoint what answers there */
  readonly tlsOf: (url: string, endpoint: TlsEndpoint) => Promise<TlsAddress>;
  /** Puts up the support stack, first of all. */
  open(): Promise<void>;
  /** Deletes everything that was made. @returns names of what is still there */
  close(): Promise<readonly string[]>;
}

/** API Gateway developer guide, "Stream the integration response"; Lambda quotas. */
const AWS_LIMITS: Limits = { idleMs: 300_000, edgeIdleMs: 30_000, streamMs: 900_000, responseBytes: 209_715_200 };
/** Above a second, the shortest timeout that a function can have. */
const SMALL_LIMITS: Limits = { idleMs: 2_000, edgeIdleMs: 1_500, streamMs: 6_000, responseBytes: 1_000_000 };

const LOCAL_POOL = `arn:aws:cognito-idp:${REGION}:000000000000:userpool/${REGION}_Test00001`;
const LOCAL_ZONE = 'Z0123456789';
const CLOSE_TRIES = 3;

/** An account as the environment of an AWS SDK leads to it. @param signal ends programs, but not those that clean up */
export async function openAccount(
  agentArn: string,
  flags: Pick<StackFlags, 'region' | 'profile'>,
  names: Names,
  signal: AbortSignal,
): Promise<World> {
  const agentRegion = agentArn.split(':')[3] ?? '';
  const given = resolveAwsAccess(flags, process.env);
  const access = { ...given, region: given.region ?? agentRegion };
  const env = { ...process.env, ...(flags.profile && { AWS_PROFILE: flags.profile }) };
  const tlsOf = async (url: string) => ({ host: new URL(url).hostname, port: 443, servername: new URL(url).hostname });
  const base = { place: 'account' as const, access, agentArn, names, limits: AWS_LIMITS, env, signal, tlsOf };
  return createWorld({ ...base, closeEmulator: async () => [] });
}

/** The emulator, as AWS in all but its limits on waiting; every name is given. @param options that differ from what is assumed */
export async function openEmulator(signal: AbortSignal, options: EmulatorOptions = {}): Promise<World> {
  const { idleMs, edgeIdleMs, streamMs, responseBytes } = SMALL_LIMITS;
  const emulator = await startEmulator({
    agents: new Map([[AGENT_ARN, createTellingAgent()]]),
    userPools: [LOCAL_POOL],
    cloudWatchRoleArn: 'arn:aws:iam::000000000000:role/gateway-logs',
    ...options,
    apiGateway: {
      idleTimeoutMs: { REGIONAL: idleMs, PRIVATE: idleMs, EDGE: edgeIdleMs },
      streamDurationMs: streamMs,
      deleteRestApiIntervalMs: 0,
      ...options.apiGateway,
    },
    lambda: { streamedResponseBytes: responseBytes, ...options.lambda },
  });
  const { url, credentials } = emulator;
  const token = await emulator.issueToken(LOCAL_POOL, { sub: 'ada', scope: 'agent/use' });
  const env = {
    PATH: process.env['PATH'],
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  };
  const fronts = new Map<TlsEndpoint, Awaited<ReturnType<typeof startTlsFront>>>();
  const names: Names = {
    email: 'someone@example.com',
    domain: 'agent.example.com',
    certificateArn: `arn:aws:acm:${REGION}:000000000000:certificate/0123abcd`,
    hostedZoneId: LOCAL_ZONE,
    vpcEndpointId: 'vpce-0123456789abcdef0',
    inVpc: true,
    userPoolArn: LOCAL_POOL,
    tokenCommand: `echo ${token}`,
    tokenScope: 'agent/use',
    agentTells: true,
    long: true,
  };
  return createWorld({
    place: 'emulator',
    access: { region: REGION, endpointUrl: url, credentials },
    agentArn: AGENT_ARN,
    names,
    limits: SMALL_LIMITS,
    env,
    signal,
    async tlsOf(_, endpoint) {
      const front = fronts.get(endpoint) ?? (await startTlsFront(endpoint, url));
      fronts.set(endpoint, front);
      return front.address;
    },
    async closeEmulator() {
      for (const front of fronts.values()) front.close();
      const left = Object.values(emulator.inventory()).flat();
      await emulator.close();
      return left;
    },
  });
}

interface WorldInput extends Pick<World, 'place' | 'access' | 'agentArn' | 'names' | 'limits' | 'tlsOf'> {
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  /** @returns names of resources that no stack has any more */
  readonly closeEmulator: () => Promise<readonly string[]>;
}

async function createWorld({ env: given, signal, closeEmulator, ...facts }: WorldInput): Promise<World> {
  const { access, agentArn } = facts;
  const folder = mkdtempSync(join(tmpdir(), 'agentstream-account-'));
  const env = { ...given, AWS_REGION: access.region, XDG_STATE_HOME: folder };
  const client = new CloudFormationClient(clientConfig(access));
  const prefix = 'agentstream-test';
  const supportName = `${prefix}-support`;
  const made = new Set<string>();
  const wait = { client, maxWaitTime: 1_200, minDelay: facts.place === 'emulator' ? 0.05 : 3, maxDelay: 10 };
  let support: Support | undefined;

  const run: World['run'] = (args, more = {}) => runProgram([...args, '--json'], { ...env, ...more }, signal);
  const accountId =
    /<Account>(\d{12})</.exec(await queryAws(access, 'sts', '2011-06-15', { Action: 'GetCallerIdentity' }))?.[1] ?? '';
  const printPolicy = async (...args: readonly string[]): Promise<unknown> => {
    const place = ['--stack-name', `${prefix}-deployer`, '--agent-arn', agentArn, '--account-id', accountId];
    return (await run(['iam-policy', ...place, ...args])).last;
  };
  const exists = async (StackName: string): Promise<boolean> => {
    try {
      await client.send(new DescribeStacksCommand({ StackName }));
      return true;
    } catch (error) {
      if ((error as Error).message.includes('does not exist')) return false;
      throw error;
    }
  };
  const world: World = {
    ...facts,
    accountId,
    hasLogRole: await hasLogRole(access),
    get support() {
      if (support) return support;
      throw new Error('the support stack is not up');
    },
    stackName(name) {
      made.add(`${prefix}-${name}`);
      return `${prefix}-${name}`;
    },
    run,
    async asRole(roleArn) {
      const { accessKeyId, secretAccessKey, sessionToken } = await client.config.credentials();
      const file = join(folder, 'config');
      const lines = ['[profile role]', `role_arn = ${roleArn}`, 'credential_source = Environment', `region = ${access.region}`];
      writeFileSync(file, `${lines.join('\n')}\n`);
      return {
        AWS_CONFIG_FILE: file,
        AWS_SHARED_CREDENTIALS_FILE: join(folder, 'none'),
        AWS_PROFILE: 'role',
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
        ...(sessionToken && { AWS_SESSION_TOKEN: sessionToken }),
      };
    },
    async open() {
      for (const name of [supportName, ...STACKS.map((each) => `${prefix}-${each}`)]) {
        if (await exists(name)) throw new Error(`the stack ${name} is there already, perhaps of another run: delete it first`);
      }
      const options = deployerFlags(world);
      const TemplateBody = supportTemplate(await printPolicy(...options), await printPolicy(...options, '--for', 'destroy'));
      made.add(supportName);
      await client.send(new CreateStackCommand({ StackName: supportName, TemplateBody, Capabilities: ['CAPABILITY_IAM'] }));
      await waitUntilStackCreateComplete({ ...wait, abortSignal: signal }, { StackName: supportName });
      const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({ StackName: supportName }));
      support = Object.fromEntries(
        (stack?.Outputs ?? []).map((each) => [each.OutputKey, each.OutputValue]),
      ) as unknown as Support;
    },
    async close() {
      const left: string[] = [];
      for (const name of [...made].filter((each) => each !== supportName)) {
        for (let tries = 0; tries < CLOSE_TRIES && (await exists(name)); tries += 1) {
          await runProgram(['destroy', '--yes', '--force', '--stack-name', name, '--json'], env);
        }
        if (await exists(name)) left.push(name);
      }
      if (made.has(supportName) && (await exists(supportName))) {
        await client.send(new DeleteStackCommand({ StackName: supportName }));
        await waitUntilStackDeleteComplete(wait, { StackName: supportName }).catch(() => left.push(supportName));
      }
      client.destroy();
      left.push(...(await closeEmulator()));
      rmSync(folder, { recursive: true, force: true });
      return left;
    },
  };
  return world;
}

async function hasLogRole(access: AwsAccess): Promise<boolean> {
  const client = new APIGatewayClient(clientConfig(access));
  try {
    return Boolean((await client.send(new GetAccountCommand({}))).cloudwatchRoleArn);
  } finally {
    client.destroy();
  }
}

/** Every option whose resources need permissions of their own, as far as the account and the given names allow. */
export function deployerFlags({ names, hasLogRole: logs }: Pick<World, 'names' | 'hasLogRole'>): string[] {
  const { email, domain, certificateArn, hostedZoneId } = names;
  return [
    '--waf',
    '--dashboard',
    '--tracing',
    '--tag',
    'purpose=test',
    ...(logs ? ['--access-log'] : []),
    ...(email ? ['--alarms', email] : []),
    ...(domain && certificateArn ? ['--domain', domain, '--certificate-arn', certificateArn] : []),
    ...(domain && hostedZoneId ? ['--hosted-zone-id', hostedZoneId] : []),
  ];
}
