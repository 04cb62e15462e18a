import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { AGENT_ARN } from '../helpers/chain.ts';
import { printPolicy, refused, unused, words } from '../helpers/policy-coverage.ts';
import { AUTHORIZER_ARN, type PolicyWorld, startPolicyWorld, USER_POOL_ARN, WEB_ACL_ARN } from '../helpers/policy-world.ts';

interface OptionSet {
  readonly options: readonly string[];
  /** Deploys after the first: what each changes. */
  readonly changes: readonly (readonly string[])[];
  /** What the owner of the account does to the stack, and a deploy that follows. */
  readonly afterOwner?: readonly (readonly string[])[];
  /** Whether AWS may call some of it by its logical id alone. */
  readonly isNamedBothWays?: boolean;
  readonly invokes?: boolean;
  readonly hasKey?: boolean;
}

const CERTIFICATE = 'arn:aws:acm:us-east-1:000000000000:certificate/12345678-1234-1234-1234-123456789012';
const OTHER_CERTIFICATE = CERTIFICATE.replace('12345678-', '87654321-');
const BOUNDARY = 'arn:aws:iam::000000000000:policy/boundary';
const TOPIC = 'arn:aws:sns:us-east-1:000000000000:ops';

/** Every deploy may change these. */
const ALWAYS = [
  ...words('--memory 1024 --log-retention 7 --rate-limit 5 --flush-mode off'),
  ...words('--cors-origin https://app.example --allow-cidr 127.0.0.0/8'),
];

const SETS: Readonly<Record<string, OptionSet>> = {
  'nothing but defaults': {
    options: [],
    changes: [
      ['--quota', '5000'],
      ['--endpoint-type', 'edge'],
    ],
    invokes: true,
    hasKey: true,
  },
  'iam, tags, a cap, a boundary and access logs': {
    options: [
      ...words('--auth iam --tag team=a --max-concurrency 10 --access-log'),
      ...words(`--permissions-boundary ${BOUNDARY} --termination-protection --tracing`),
    ],
    changes: [
      ['--tag', 'team=b'],
      ['--max-concurrency', '12'],
      ['--max-concurrency', '0', '--no-termination-protection'],
    ],
    // The person may put the boundary on, and not take it off.
    afterOwner: [
      ['--permissions-boundary', ''],
      ['--permissions-boundary', BOUNDARY],
    ],
    invokes: true,
  },
  'a domain, a firewall, alarms and a dashboard': {
    options: [
      ...words(`--auth none --domain api.example.com --certificate-arn ${CERTIFICATE}`),
      ...words('--hosted-zone-id Z0123456789 --base-path agent --waf --dashboard'),
      ...words('--alarms ops@example.com --access-log --allow-cidr 127.0.0.0/8'),
      ...words('--max-concurrency 20'),
    ],
    changes: [
      ['--certificate-arn', OTHER_CERTIFICATE, '--waf-rate-limit', '500'],
      ['--max-concurrency', '30', '--allow-cidr', '10.0.0.0/8', '--allow-cidr', '127.0.0.0/8'],
      ['--max-concurrency', '0'],
    ],
    isNamedBothWays: true,
    invokes: true,
  },
  'an edge-optimized domain': {
    options: [...words(`--endpoint-type edge --domain api.example.com --certificate-arn ${CERTIFICATE}`)],
    changes: [
      ['--certificate-arn', OTHER_CERTIFICATE],
      ['--quota', '5000'],
    ],
    hasKey: true,
    invokes: true,
  },
  'a user pool, a web ACL and a topic of others': {
    options: [
      ...words(`--auth cognito --user-pool-arn ${USER_POOL_ARN} --waf-acl-arn ${WEB_ACL_ARN}`),
      ...words(`--alarms ${TOPIC} --user-id-from sub`),
    ],
    changes: [['--user-id-from', '']],
  },
  'a function as authorizer': {
    options: ['--auth', 'lambda', '--authorizer-arn', AUTHORIZER_ARN, '--authorizer-ttl', '0'],
    changes: [['--authorizer-ttl', '60']],
  },
};

/** Everything that the commands do on a stack with these options, misfortunes included. */
async function liveThrough(world: PolicyWorld, set: OptionSet): Promise<void> {
  const { misfortune, run } = world;
  const deploy = (...args: readonly string[]) => run('deploy', '--agent-arn', AGENT_ARN, ...args);
  const succeeds = async (result: ReturnType<typeof run>) => {
    const { exitCode, stderr } = await result;
    expect([exitCode, exitCode === 0 ? '' : stderr]).toEqual([0, '']);
  };
  // A preview leaves a shell behind, which is taken away again.
  await succeeds(deploy(...set.options, '--dry-run'));
  // A creation that is rolled back, and deleted by the next deploy.
  misfortune.failResources = { Stage: 'No.' };
  expect((await deploy(...set.options)).exitCode).toBe(1);
  misfortune.failResources = {};
  await succeeds(deploy(...set.options));
  for (const change of [ALWAYS, ...set.changes]) {
    await succeeds(run('deploy', ...change));
  }
  const [byOwner, thenByPerson] = set.afterOwner ?? [];
  if (byOwner && thenByPerson) {
    await succeeds(world.runAsOwner('deploy', ...byOwner));
    await succeeds(run('deploy', ...thenByPerson));
  }
  await succeeds(withOwnHandler(world));
  await succeeds(run('deploy', '--handler', ''));
  // A change set that early validation refuses.
  const finding = { name: 'PROPERTY_VALIDATION', reason: 'No.', path: '/Resources/Function' } as const;
  misfortune.failValidation = { Function: finding };
  expect((await run('deploy', '--memory', '896')).exitCode).toBe(1);
  misfortune.failValidation = {};
  // An update that is left as it failed, and one whose rollback fails.
  misfortune.failResources = { Stage: 'No.' };
  expect((await run('deploy', '--rate-limit', '6', '--no-rollback')).exitCode).toBe(1);
  misfortune.failResources = {};
  await succeeds(run('deploy', '--memory', '512'));
  misfortune.failResources = { Stage: 'No.' };
  misfortune.failRestores = { Stage: 'No.', Function: 'No.' };
  expect((await run('deploy', '--rate-limit', '7', '--memory', '768')).exitCode).toBe(1);
  misfortune.failResources = {};
  misfortune.failRestores = {};
  await succeeds(run('deploy', '--memory', '640'));
  if (set.invokes) {
    await succeeds(world.runWithProof('deploy', '--memory', '512'));
    await succeeds(run('invoke', 'hello'));
    // It stops the sessions that it has opened.
    await succeeds(run('bench', '--requests', '2', '--no-self-test', '--max-lag', '1h', '--yes'));
  }
  if (set.hasKey) {
    await succeeds(run('key', 'rotate'));
    await succeeds(run('key', 'retire'));
  }
  await succeeds(run('status'));
  await succeeds(run('openapi'));
  await succeeds(run('logs'));
  await succeeds(run('destroy', '--yes'));
  if (!set.isNamedBothWays) return;
  misfortune.namedByLogicalId = ['AWS::WAFv2::WebACL', 'AWS::CloudWatch::Dashboard'];
  await succeeds(deploy(...set.options));
  await succeeds(run('deploy', '--waf-rate-limit', '500', '--memory', '1024'));
  await succeeds(run('destroy', '--yes'));
}

/** New code, and the old one again with the next deploy. */
async function withOwnHandler(world: PolicyWorld) {
  const folder = mkdtempSync(join(tmpdir(), 'agentstream-handler-'));
  const file = join(folder, 'handler.ts');
  writeFileSync(file, 'export const handler = async () => ({ statusCode: 200 });');
  try {
    return await world.run('deploy', '--handler', file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test.each(Object.keys(SETS))(
  'a person with exactly the policy of %s can do all of it, and nothing in the policy is too much',
  async (name) => {
    const set = SETS[name] as OptionSet;
    const policy = await printPolicy(...set.options);
    const world = await startPolicyWorld(policy);
    try {
      await liveThrough(world, set);
      expect(refused(world.asked)).toEqual([]);
      expect(unused(policy, world.asked)).toEqual([]);
      expect(world.asked.length).toBeGreaterThan(100);
    } finally {
      await world.close();
    }
  },
  240_000,
);
