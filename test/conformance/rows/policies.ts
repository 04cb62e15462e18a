import { setTimeout as sleep } from 'node:timers/promises';
import { chooseProtocol } from '../clients.ts';
import { deploy } from '../deploy.ts';
import { CannotRun, type Row, type Setup } from '../row.ts';
import { deployerFlags, type World } from '../world.ts';

const TRIES = 30;

/** Environment of a role that IAM has made known: a new one is not, for some seconds. */
async function knownRole(world: World, roleArn: string): Promise<NodeJS.ProcessEnv> {
  const env = await world.asRole(roleArn);
  for (let tries = 0; tries < TRIES; tries += 1) {
    const { words } = await world.run(['status', '--stack-name', world.stackName('deployer')], env);
    if (words === 'ok' || words.startsWith('STACK_NOT_FOUND')) break;
    await sleep(world.place === 'emulator' ? 100 : 2_000);
  }
  return env;
}

const does = (question: string, ...args: readonly string[]): Row => ({
  id: 'B2',
  question: `the role of the printed policy: ${question}`,
  assumed: 'ok',
  turns: args[0] === 'invoke' ? 1 : 0,
  async ask(world, { stackName }) {
    const env = await world.asRole(world.support.deployerArn);
    return (await world.run([...args, '--stack-name', stackName], env)).words;
  },
});

/** Everything that `iam-policy` prints, by roles that have assumed nothing else. */
export const DEPLOYER: readonly Setup[] = [
  {
    id: 'B2',
    stack: 'deployer',
    title: 'a deploy with every option, by a role with the printed policy alone',
    assumed: 'created',
    async make(world) {
      const env = await knownRole(world, world.support.deployerArn);
      const { deployed, result } = await deploy(world, 'deployer', deployerFlags(world), { env });
      return { deployed, seen: result.outcome ?? '' };
    },
    rows: [
      does('status', 'status'),
      does('a turn', 'invoke', 'hi'),
      does('logs', 'logs'),
      does('a rotated key', 'key', 'rotate'),
      does('an update', 'deploy', '--no-verify', '--waf-rate-limit', '500', '--rate-limit', '5', '--memory', '1024'),
      {
        id: 'A9',
        question: 'a custom domain and TLS 1.1',
        assumed: 'refused',
        async ask({ names, tlsOf }) {
          if (!names.domain) throw new CannotRun('no domain: --domain, --certificate-arn and --hosted-zone-id');
          const address = await tlsOf(`https://${names.domain}`, 'domain');
          try {
            const old = { maxVersion: 'TLSv1.1', minVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
            return `taken: ${await chooseProtocol(address, old)}`;
          } catch (error) {
            const { code = '' } = error as { readonly code?: string };
            if (/_ALERT_|ECONNRESET/.test(code)) return 'refused';
            throw code === 'ENOTFOUND' ? new CannotRun(`${names.domain} does not resolve`) : error;
          }
        },
      },
    ],
  },
  {
    id: 'B2',
    stack: 'deployer',
    title: 'destroy by a role that may only destroy; its e-mail is unconfirmed',
    assumed: 'ok, nothing kept',
    async make(world) {
      const stackName = world.stackName('deployer');
      const env = await knownRole(world, world.support.destroyerArn);
      const { last, words } = await world.run(['destroy', '--yes', '--stack-name', stackName], env);
      const { kept = [] } = last;
      return {
        deployed: { stackName, url: '', headers: {}, outputs: {} },
        seen: `${words}, ${kept.length === 0 ? 'nothing kept' : `kept: ${kept.join(', ')}`}`,
      };
    },
    rows: [],
  },
];
