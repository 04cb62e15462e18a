import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { plural } from '../../src/ui/format.ts';
import { type Answered, reportLines, reportMarkdown, rowLine } from './report.ts';
import { CannotRun, type Deployed, type Outcome, type Setup } from './row.ts';
import { SETUPS } from './rows/setups.ts';
import { type Names, openAccount, openEmulator, type StackName, STACKS, type World } from './world.ts';

// The first look at an account: what the emulator assumes of AWS, one row each, beside what AWS does.
//   npm run test:account -- --agent-arn ARN        in an account, which it asks about first
//   npm run test:account -- --local                against the emulator

const HELP = `Usage: npm run test:account -- --agent-arn ARN [options]

compare what the emulator assumes of AWS with what an account does

It says what it will create and what that costs, asks, deploys stacks named
agentstream-test-*, asks them one question after another, and deletes
everything, also after Ctrl-C.

  --agent-arn ARN      a runtime that streams server-sent events
                       (env: AGENTSTREAM_AGENT_ARN)
  --local              against the emulator, without an account
  --region, --profile  as every command takes them
  -y, --yes            do not ask
  --budget USD         most that it may cost beside the agent, at list prices
                       (default: 2)
  --only TEXT          only setups whose number or title contains it, such as
                       B1 or destroy
  --markdown FILE      write the table as Markdown as well, for an issue
  --long               wait for limits of 15 minutes
  -h, --help           display help

Names for rows that need them; without them these rows say so and do not run:
  --email ADDRESS      gets the confirmation of an alarm subscription
  --domain NAME --certificate-arn ARN --hosted-zone-id ID
  --vpc-endpoint-id ID, and --in-vpc when this machine is in its network
  --user-pool-arn ARN --token-command CMD --token-scope SCOPE
  --agent-tells        the agent answers as test/conformance/telling-agent.ts

Exit codes: 0 everything is as assumed, 1 something differs or failed, 2 wrong
use or not wanted, 130 interrupted
`;

const FLAGS = {
  'agent-arn': { type: 'string' },
  local: { type: 'boolean' },
  region: { type: 'string' },
  profile: { type: 'string' },
  yes: { type: 'boolean', short: 'y' },
  budget: { type: 'string', default: '2' },
  only: { type: 'string', default: '' },
  markdown: { type: 'string' },
  long: { type: 'boolean' },
  email: { type: 'string' },
  domain: { type: 'string' },
  'certificate-arn': { type: 'string' },
  'hosted-zone-id': { type: 'string' },
  'vpc-endpoint-id': { type: 'string' },
  'in-vpc': { type: 'boolean' },
  'user-pool-arn': { type: 'string' },
  'token-command': { type: 'string' },
  'token-scope': { type: 'string' },
  'agent-tells': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

const say = (text: string): void => void process.stderr.write(`${text}\n`);

/** @returns the exit code */
export async function main(argv: readonly string[]): Promise<number> {
  let flags;
  try {
    flags = parseArgs({ args: [...argv], options: FLAGS }).values;
  } catch (error) {
    say(`${(error as Error).message}\n\n${HELP}`);
    return 2;
  }
  if (flags.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const agentArn = flags['agent-arn'] ?? process.env['AGENTSTREAM_AGENT_ARN'];
  if (!flags.local && !agentArn) {
    say(`which agent? --agent-arn ARN, or --local\n\n${HELP}`);
    return 2;
  }
  const interrupted = new AbortController();
  const onSignal = (): void => {
    if (interrupted.signal.aborted) say('everything is being deleted; ending now would leave stacks named agentstream-test-*');
    interrupted.abort();
  };
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, onSignal);
  const { signal } = interrupted;
  const names: Names = {
    email: flags.email,
    domain: flags.domain,
    certificateArn: flags['certificate-arn'],
    hostedZoneId: flags['hosted-zone-id'],
    vpcEndpointId: flags['vpc-endpoint-id'],
    inVpc: flags['in-vpc'],
    userPoolArn: flags['user-pool-arn'],
    tokenCommand: flags['token-command'],
    tokenScope: flags['token-scope'],
    agentTells: flags['agent-tells'],
    long: flags.long,
  };
  const world = flags.local ? await openEmulator(signal) : await openAccount(agentArn ?? '', flags, names, signal);
  const setups = SETUPS.filter(({ id, title }) => `${id} ${title}`.includes(flags.only));
  const answers: Answered[] = [];
  let left: readonly string[] = [];
  let failure: Error | undefined;
  if (!(await isWanted(world, setups, Number(flags.budget), flags.yes === true || flags.local === true, interrupted))) {
    await world.close();
    say('nothing was made');
    return signal.aborted ? 130 : 2;
  }
  try {
    await world.open();
    for await (const answered of answer(world, setups, signal)) {
      answers.push(answered);
      say(rowLine(answered, process.stderr.columns));
    }
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error));
  } finally {
    say('\ndeleting everything ...');
    left = await world.close().catch((error: unknown) => [`stacks named agentstream-test-* (${(error as Error).message})`]);
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.off(name, onSignal);
  }
  process.stdout.write(`\n${reportLines(answers, process.stdout.columns)}`);
  if (flags.markdown) writeFileSync(flags.markdown, reportMarkdown(answers));
  say(left.length === 0 ? 'everything that was made is deleted' : `still there, delete by hand: ${left.join(', ')}`);
  if (signal.aborted) return 130;
  if (failure !== undefined) say(`the run ended early: ${failure.stack ?? failure.message}`);
  const isFine =
    failure === undefined &&
    left.length === 0 &&
    answers.length > 0 &&
    answers.every(({ outcome }) => outcome.type === 'same' || outcome.type === 'not-run');
  return isFine ? 0 : 1;
}

/** Every row of the setups, one after another. A setup that fails takes its rows with it, and the next one is tried. */
export async function* answer(world: World, setups: readonly Setup[], signal: AbortSignal): AsyncGenerator<Answered> {
  const now = new Map<Setup['stack'], Deployed>();
  const aborted = once(signal, 'abort').then(() => signal.throwIfAborted());
  // Nobody may be waiting when it comes.
  aborted.catch(() => undefined);
  for (const setup of setups) {
    const { stack, title, lacks, rows, make } = setup;
    say(`\n${stack}: ${title}`);
    const row = { ...setup, question: title };
    const lack = lacks?.(world);
    let outcome: Outcome = lack === undefined ? { type: 'failed', why: '' } : { type: 'not-run', why: lack };
    if (lack === undefined) {
      outcome = await settle(setup.assumed, signal, aborted, async () => {
        const { deployed, seen } = await make(world, now.get(stack));
        now.set(stack, deployed);
        return seen;
      });
    }
    yield { row, outcome };
    const deployed = now.get(stack);
    for (const each of rows) {
      if (outcome.type === 'not-run' || outcome.type === 'failed' || !deployed) {
        yield { row: each, outcome: { type: 'not-run', why: lack ?? 'its deploy failed' } };
      } else yield { row: each, outcome: await settle(each.assumed, signal, aborted, () => each.ask(world, deployed)) };
    }
  }
}

/** Asks, and compares with what was assumed. @throws AbortError when the run is interrupted */
async function settle(
  assumed: string,
  signal: AbortSignal,
  aborted: Promise<void>,
  ask: () => Promise<string>,
): Promise<Outcome> {
  signal.throwIfAborted();
  try {
    // A question waits for minutes; Ctrl-C does not.
    const seen = await Promise.race([ask(), aborted]);
    return { type: seen === assumed ? 'same' : 'differs', seen: String(seen) };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof CannotRun) return { type: 'not-run', why: error.message };
    return { type: 'failed', why: (error as Error).message };
  }
}

/** USD beside the agent: web ACLs and a dashboard for two hours, alarms, a metric, requests, and the transfer of a 200 MB response. */
const COST_USD = 0.2;

const DESCRIPTIONS: Readonly<Record<StackName, string>> = {
  main: 'an API and its function, for minutes without auth',
  asking: 'an API with a function that breaks rules',
  brief: 'the same with a timeout of one second',
  deployer: 'an API with every option, made by a restricted role',
};

/** Says what will be made and what it costs, and asks. @returns whether to go on */
async function isWanted(
  world: World,
  setups: readonly Setup[],
  budget: number,
  isAgreed: boolean,
  interrupted: AbortController,
): Promise<boolean> {
  const rows = setups.flatMap((setup) => [...setup.rows]);
  const turns = rows.reduce((sum, { turns: each = 0 }) => sum + each, 0);
  const { email, domain, certificateArn, agentTells, long } = world.names;
  const missing = new Set([
    ...setups.flatMap(({ lacks }) => lacks?.(world) ?? []),
    ...(domain && certificateArn ? [] : ['no domain: --domain, --certificate-arn and --hosted-zone-id']),
    ...(email ? [] : ['no address for alarms: --email']),
    ...(agentTells ? [] : ['an agent that does not tell: --agent-tells']),
    ...(long ? [] : ['a limit of 15 minutes: --long']),
  ]);
  const isAccount = world.place === 'account';
  const made = new Set(setups.map(({ stack }) => stack));
  const changes = setups.filter(({ stack }) => stack === 'main').length;
  const minutes = isAccount ? `, in about ${setups.length * 3 + 20} minutes` : '';
  say(`In ${isAccount ? `account ${world.accountId}` : 'the emulator'}, ${world.access.region}, this run creates, and deletes at the end:

  agentstream-test-support   an authorizer function, a web ACL, three roles
${STACKS.flatMap((stack) => (made.has(stack) ? `  agentstream-test-${stack.padEnd(8)}  ${DESCRIPTIONS[stack]}` : [])).join('\n')}

Questions      ${rows.length + setups.length}${minutes}; the stack main is changed ${changes} times
Agent          ${plural(turns, 'turn')}; what its model costs comes on top
Cost           about ${COST_USD} USD at list prices; --budget is ${budget} USD`);
  for (const lack of missing) say(`Left out       ${lack}`);
  say('');
  if (!(COST_USD <= budget)) {
    say(`that is more than --budget ${budget}`);
    return false;
  }
  if (isAgreed) return true;
  if (!process.stdin.isTTY) {
    say('give --yes to agree without a terminal');
    return false;
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // Ctrl-C at the question comes as an event of the terminal.
  terminal.on('SIGINT', () => interrupted.abort());
  try {
    const said = await terminal.question('Create all of it? [y/N] ', { signal: interrupted.signal });
    return /^y(es)?$/i.test(said.trim());
  } catch (error) {
    if (interrupted.signal.aborted) return false;
    throw error;
  } finally {
    terminal.close();
  }
}
