import { execSync } from 'node:child_process';
import { openStream, send } from '../../helpers/post.ts';
import { see } from '../clients.ts';
import { deploy, deployBrief, probe } from '../deploy.ts';
import type { Printed } from '../program.ts';
import { CannotRun, type Deployed, type Row, type Setup } from '../row.ts';
import { AUTHORIZER_TOKEN } from '../support-stack.ts';
import type { World } from '../world.ts';
import { CLIENTS, http2Rows } from './clients.ts';
import { CONTRACT } from './contract.ts';
import { ACCESS_LOG, LATE_LINES, NO_LOG_ROLE } from './logs.ts';
import { AGENT_POINTS, BRIEF_POINTS, POINTS } from './points.ts';
import { DEPLOYER } from './policies.ts';

const PROBE = { count: 2, interval_ms: 0 };
const statusOf = async ({ url }: Deployed, headers: Readonly<Record<string, string>>, body: object = PROBE): Promise<string> =>
  String((await send('POST', `${url}/probe`, body, headers)).status);

/** An update in place of the main stack: the API stays, so its URL does. */
function update(
  title: string,
  flags: (world: World) => readonly string[],
  rows: readonly Row[],
  {
    id = 'B13',
    lacks,
    credentials,
  }: { id?: string; lacks?: Setup['lacks']; credentials?: (world: World) => readonly string[] } = {},
): Setup {
  return {
    id,
    stack: 'main',
    title,
    assumed: 'updated, the same URL, streams',
    ...(lacks && { lacks }),
    async make(world, before) {
      const { deployed, result } = await deploy(world, 'main', flags(world));
      const url = deployed.outputs['ApiId'] === before?.outputs['ApiId'] ? 'the same URL' : 'another URL';
      const came = await probe(world, deployed, credentials?.(world));
      return { deployed, seen: `${result.outcome ?? ''}, ${url}, ${came}` };
    },
    rows,
  };
}

/** What a proof found, in words. */
function proofWords({ proof }: Printed): string {
  if (!proof) return 'not proved';
  const { verdict, holding, cure, heartbeatLeaves } = proof;
  const held = holding === undefined ? 'nothing is held' : `held: ${holding}, cure: ${cure ?? 'none'}`;
  return `${verdict ?? 'not judged'}, ${held}, heartbeats ${heartbeatLeaves === true ? 'leave' : 'do not leave'}`;
}

/** Streams that are silent for longer than the endpoint allows, without heartbeats and with them. */
const silences = (limitOf: (world: World) => number): readonly Row[] =>
  [0, 1 / 3].map((share) => ({
    id: share === 0 ? 'B16' : 'B1',
    question: `a silence beyond the idle limit, ${share === 0 ? 'without heartbeats' : 'filled by heartbeats'}`,
    assumed: share === 0 ? 'cut' : 'whole',
    async ask(world, { url, headers }) {
      const limitMs = limitOf(world);
      const plan = { count: 2, interval_ms: Math.round(limitMs * 1.3), heartbeat_ms: Math.round(limitMs * share) };
      return (await see(`${url}/probe`, plan, headers)).end;
    },
  }));

const token = ({ names }: World): string => execSync(names.tokenCommand ?? 'false', { encoding: 'utf8' }).trim();
const lacksPool = ({ names }: World) =>
  names.userPoolArn && names.tokenCommand && names.tokenScope
    ? undefined
    : 'no user pool: --user-pool-arn, --token-command and --token-scope';
const lacksVpc = ({ names }: World) => (names.vpcEndpointId ? undefined : 'no VPC endpoint: --vpc-endpoint-id');
const lacksInside = (world: World) =>
  lacksVpc(world) ?? (world.names.inVpc ? undefined : 'this machine is not in the VPC of the endpoint (--in-vpc when it is)');

const bearer = (value: string) => ({ Authorization: `Bearer ${value}` });
const byAuthorizer = () => ['--token', AUTHORIZER_TOKEN];
const lambdaFlags = ({ support, hasLogRole }: World) => [
  '--auth',
  'lambda',
  '--authorizer-arn',
  support.authorizerArn,
  '--authorizer-ttl',
  '0',
  ...(hasLogRole ? ['--access-log'] : []),
];

/** A prompt that AWS's rules for bodies match: a server action of React, and a reference to a prototype. */
const SUSPICIOUS = { ...PROBE, prompt: 'explain {"then":"$1:__proto__:then","value":"{\\"then\\":\\"$B0\\"}"} in $ACTION_REF_0' };

/** All of a run, in its order. */
export const SETUPS: readonly Setup[] = [
  {
    id: 'B1',
    stack: 'main',
    title: 'a first deploy, and its proof of 20 probes',
    assumed: 'created, streaming, nothing is held, heartbeats leave',
    option: 'lambda.holdWritesBelowBytes, holdUntilBytes, bufferedShare, joinedHeadShare',
    async make(world) {
      const { deployed, result } = await deploy(world, 'main', [], { proves: true });
      return { deployed, seen: `${result.outcome ?? ''}, ${proofWords(result)}` };
    },
    rows: [...CONTRACT, ...CLIENTS, ...silences(({ limits }) => limits.idleMs), ...AGENT_POINTS],
  },
  update('API keys to IAM', () => ['--auth', 'iam'], [
    { id: 'B', question: 'a request without a signature', assumed: '403', ask: (_, deployed) => statusOf(deployed, {}) },
    {
      id: 'B10',
      question: 'a signature of a role of this account that has no policy',
      assumed: '403',
      async ask(world, { url }) {
        const env = await world.asRole(world.support.bareArn);
        const { words } = await world.run(['invoke', '--url', url, '--sigv4', 'hi'], env);
        return /\b403\b/.test(words) ? '403' : words;
      },
    },
  ]),
  update(
    'IAM to a user pool with a scope',
    ({ names }) => ['--auth', 'cognito', '--user-pool-arn', names.userPoolArn ?? '', '--auth-scope', names.tokenScope ?? ''],
    [{ id: 'B', question: 'a request without a token', assumed: '401', ask: (_, deployed) => statusOf(deployed, {}) }],
    { lacks: lacksPool, credentials: ({ names }) => ['--token-command', names.tokenCommand ?? ''] },
  ),
  {
    ...update('a user pool with another scope than the token has', () => ['--auth-scope', 'agentstream-test/none'], [], {
      lacks: lacksPool,
    }),
    id: 'B9',
    assumed: '403',
    option: 'apiGateway.scopeMismatchStatus',
    async make(world) {
      const { deployed } = await deploy(world, 'main', ['--auth-scope', 'agentstream-test/none']);
      return { deployed, seen: await statusOf(deployed, bearer(token(world))) };
    },
  },
  update(
    'to a Lambda authorizer',
    lambdaFlags,
    [
      ['a token that it denies', 'deny-me'],
      ['a token for which it neither allows nor denies', 'say-nothing'],
    ].map(([what = '', given = '']) => ({
      id: 'B',
      question: `Lambda authorizer: ${what}`,
      assumed: '403',
      ask: (_: World, deployed: Deployed) => statusOf(deployed, bearer(given)),
    })),
    { credentials: byAuthorizer },
  ),
  update(
    'a Lambda authorizer to a private API with it',
    (world) => ['--endpoint-type', 'private', '--vpc-endpoint-id', world.names.vpcEndpointId ?? ''],
    [],
    { id: 'B8', lacks: lacksInside, credentials: byAuthorizer },
  ),
  update('to no authorization', () => ['--auth', 'none', '--endpoint-type', 'regional'], []),
  update(
    'to API keys, with access log, traces, a dashboard and tags',
    () => ['--auth', 'api-key', '--access-log', '--tracing', '--dashboard', '--tag', 'purpose=test'],
    ACCESS_LOG,
    { lacks: ({ hasLogRole }) => (hasLogRole ? undefined : NO_LOG_ROLE) },
  ),
  update('a web ACL of our own', () => ['--auth', 'api-key', '--waf'], [
    {
      id: 'A8',
      question: "a prompt that AWS's rules for bodies match",
      assumed: '200',
      ask: (_, deployed) => statusOf(deployed, deployed.headers, SUSPICIOUS),
    },
  ]),
  update('a web ACL of our own to another', ({ support }) => ['--no-waf', '--waf-acl-arn', support.webAclArn], [
    {
      id: 'B13',
      question: "the stage's web ACL after that, and after taking it off",
      assumed: 'the other, then none',
      async ask(world, { stackName }) {
        const aclNow = async (): Promise<string> => {
          const { last } = await world.run(['status', '--stack-name', stackName]);
          const arn = last.live?.stage?.value?.webAclArn;
          if (arn === undefined) return 'none';
          return arn === world.support.webAclArn ? 'the other' : 'our own';
        };
        const first = await aclNow();
        await deploy(world, 'main', ['--waf-acl-arn', '']);
        return `${first}, then ${await aclNow()}`;
      },
    },
  ]),
  update('to a cap of one stream', () => ['--max-concurrency', '1'], [
    {
      id: 'B7',
      question: 'a second stream, when the concurrency is used up',
      assumed: '500',
      option: 'apiGateway.throttledFunctionStatus',
      async ask(_, deployed) {
        const stream = await openStream(`${deployed.url}/probe`, { count: 5, interval_ms: 500 }, deployed.headers);
        await stream.next();
        const status = await statusOf(deployed, deployed.headers);
        await stream.rest();
        return status;
      },
    },
  ]),
  update('regional to edge-optimized', () => ['--max-concurrency', '0', '--endpoint-type', 'edge'], [
    ...http2Rows('edge'),
    ...silences(({ limits }) => limits.edgeIdleMs),
  ]),
  update('edge-optimized to regional', () => ['--endpoint-type', 'regional'], []),
  {
    ...update('regional to private', () => [], [], { lacks: lacksVpc }),
    assumed: 'updated, from outside 403',
    async make(world) {
      const flags = ['--endpoint-type', 'private', '--vpc-endpoint-id', world.names.vpcEndpointId ?? ''];
      const { deployed, result } = await deploy(world, 'main', flags);
      const { 'x-api-key': key = '' } = deployed.headers;
      return { deployed, seen: `${result.outcome ?? ''}, from outside ${await statusOf(deployed, { 'x-api-key': key })}` };
    },
  },
  update(
    'to regional, on x86_64, in express mode',
    () => ['--endpoint-type', 'regional', '--architecture', 'x86_64', '--express'],
    [],
    { id: 'B11' },
  ),
  {
    id: 'B13',
    stack: 'main',
    title: 'destroy',
    assumed: 'nothing kept',
    async make(world, before) {
      const stackName = world.stackName('main');
      const { last, words } = await world.run(['destroy', '--yes', '--stack-name', stackName]);
      const { kept = [] } = last;
      if (words !== 'ok') throw new CannotRun(words);
      const seen = kept.length === 0 ? 'nothing kept' : `kept: ${kept.join(', ')}`;
      return { deployed: { stackName, url: '', headers: {}, outputs: before?.outputs ?? {} }, seen };
    },
    rows: [LATE_LINES],
  },
  {
    id: 'B16',
    stack: 'asking',
    title: 'a function of your own, which breaks the rules on demand',
    assumed: 'created',
    async make(world) {
      const { deployed, result } = await deploy(world, 'asking', ['--handler', 'test/conformance/asking-handler.cjs']);
      return { deployed, seen: result.outcome ?? '' };
    },
    rows: POINTS,
  },
  {
    id: 'B16',
    stack: 'brief',
    title: 'the same with a timeout of one second',
    assumed: 'created',
    async make(world) {
      return { deployed: await deployBrief(world, world.stackName('asking')), seen: 'created' };
    },
    rows: BRIEF_POINTS,
  },
  ...DEPLOYER,
];
