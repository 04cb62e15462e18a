import { expect, test } from 'vitest';
import { AGENT_ARN } from '../helpers/chain.ts';
import { type Policy, printPolicy, refused, without } from '../helpers/policy-coverage.ts';
import { type PolicyWorld, SERVICE_ROLE_ARN, startPolicyWorld } from '../helpers/policy-world.ts';
import { jsonLines } from '../helpers/run-cli.ts';

const DEPLOY = ['deploy', '--agent-arn', AGENT_ARN];
const BY_ROLE = ['--role-arn', SERVICE_ROLE_ARN];

/** A deploy by a person with this policy, with a service role that may do the rest. */
async function deployed(
  auth: string,
  policy: Policy,
  work: (world: PolicyWorld, deploy: readonly string[]) => Promise<void>,
): Promise<void> {
  const rolePolicy = await printPolicy('--auth', auth, '--for', 'deploy');
  const world = await startPolicyWorld(policy, rolePolicy);
  try {
    await work(world, [...DEPLOY, '--auth', auth, ...BY_ROLE]);
  } finally {
    await world.close();
  }
}

const forDeploy = (auth: string) => printPolicy('--auth', auth, '--for', 'deploy', ...BY_ROLE);

test.each(['iam', 'api-key'])('the policy of a deploy with a service role is enough for its proof: --auth %s', async (auth) => {
  await deployed(auth, await forDeploy(auth), async (world, deploy) => {
    const { exitCode, stderr } = await world.runWithProof(...deploy);
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining('it streams')]);
    expect(stderr).not.toContain('not proved');
    expect(refused(world.asked)).toEqual([]);
  });
});

test.each([
  ['iam', 'execute-api:Invoke', 'these credentials may not call the API'],
  ['api-key', 'apigateway:GET', 'these credentials may not read the API key'],
])(
  'a deployer who may not call it has not failed: --auth %s without %s',
  async (auth, action, why) => {
    await deployed(auth, without(await forDeploy(auth), action), async (world, deploy) => {
      const { exitCode, stdout, stderr } = await world.runWithProof(...deploy);
      const note = `that it streams is not proved from here: ${why}`;
      expect([exitCode, stderr]).toEqual([0, expect.stringContaining(note)]);
      expect(stderr).toContain('agentstream iam-policy --for run');
      expect(stderr).not.toContain('its endpoint does not serve');
      expect(stdout).toMatch(/^http:\/\/\S+\/v1\n$/);
      const json = await world.runWithProof('deploy', '--json');
      expect(jsonLines(json.stdout).at(-1)).toMatchObject({ type: 'result', ok: true });
      expect(json.stdout).not.toContain('"proof":');
    });
  },
  60_000,
);
