import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { turnMetrics } from './artillery-metrics.ts';
import { planPhases } from './plan-phases.ts';
import { createThreadRun, type ThreadRun } from './thread-run.ts';
import { openTurnJournal, readTurnPlace, type TurnPlace } from './turn-journal.ts';
import { type ProxySettings, readProxies } from '../../aws/proxy.ts';
import { setupOf } from '../figures/report.ts';
import { createClientDriver } from '../run/client-driver.ts';
import { readPromptFile } from '../run/conversations.ts';
import type { BenchPlan } from '../run/plan.ts';
import { hint, UsageError } from '../../cli/errors.ts';
import { headerValue, tidyEnvironment } from '../../cli/given-values.ts';
import { createApiGatewayTransport } from '../../endpoint/api-gateway.ts';
import { type Credentials, openSigning } from '../../endpoint/authorize.ts';
import type { Connection } from '../../endpoint/connection.ts';
import { createTokenSource } from '../../endpoint/token-source.ts';
import type { TestAuth, TestSettings } from './render-test.ts';

/** Argument of the functions in a processor (Artillery, "Processor: custom functions"). */
export interface ArtilleryContext {
  readonly vars: { readonly target: string };
}

/** Takes the metrics of a virtual user. */
export interface ArtilleryEvents {
  emit(kind: 'counter' | 'histogram', name: string, value: number): unknown;
  /** Counted as `errors.NAME`. */
  emit(kind: 'error', name: string): unknown;
}

export type VirtualUser = (context: ArtilleryContext, events: ArtilleryEvents) => Promise<void>;

/**
 * The function that Artillery calls for each of its virtual users; all of one thread share one load.
 * @param prompts the file of the conversations; undefined for a probe
 * @returns it fails with the outcome of a turn that was not ok, so that each of them is counted once as an error of that name
 * @throws {UsageError} at once: API_KEY_NEEDED, TOKEN_NEEDED, INVALID_TURNS_PLACE, CANNOT_READ; INVALID_URL of a proxy
 */
export function createVirtualUser(
  settings: TestSettings,
  prompts: URL | undefined,
  env: NodeJS.ProcessEnv = process.env,
): VirtualUser {
  tidyEnvironment(env);
  const conversations = prompts ? readPromptFile(fileURLToPath(prompts)) : [['']];
  const plan: BenchPlan = { ...settings.plan, conversations };
  const proxies = readProxies(env);
  const auth = readEndpointAuth(settings.auth, env, proxies);
  const place = readTurnPlace(env);
  let run: ThreadRun | undefined;
  /** All virtual users of a thread share one. */
  let artillery: ArtilleryEvents | undefined;

  const begin = (url: string): ThreadRun => {
    const phases = planPhases(plan);
    const driver = createClientDriver(new Map([['api', connect(url, auth, settings, proxies)]]), plan.qualifier);
    let journal: ReturnType<typeof openTurnJournal> | undefined;
    const begun = createThreadRun(plan, {
      driver,
      phases,
      // As many as Artillery starts on one machine (Artillery, `lib/platform/local`).
      threads: phases.isOneThread ? 1 : Math.max(1, cpus().length - 1),
      onTurn(record) {
        for (const { kind, name, value } of turnMetrics(record)) artillery?.emit(kind, name, value);
        journal?.turn(record);
      },
      async onEnd(sessions) {
        await journal?.end(sessions);
      },
    });
    journal = place && openJournal(place, settings, plan, begun);
    return begun;
  };

  // Artillery recognises an asynchronous function by its type, so this has to be an async function.
  return async (context, events) => {
    artillery = events;
    run ??= begin(context.vars.target);
    let last: string | undefined;
    const tell = (outcome?: string): void => {
      if (last !== undefined) events.emit('error', last);
      last = outcome;
    };
    try {
      await run.user(tell);
    } catch (error) {
      tell();
      throw error;
    }
    // Artillery counts the thrown one.
    if (last !== undefined) throw new Error(last);
  };
}

function connect(target: string, auth: Credentials, { hop, plan }: TestSettings, proxies?: ProxySettings): Connection {
  const url = target.replace(/\/$/, '');
  const transport = createApiGatewayTransport({ url, auth }, { timers: plan.timers, proxies });
  return {
    transport,
    idleLimitMs: hop.idleLimitMs,
    ...(hop.streamLimitMs !== undefined && { streamLimitMs: hop.streamLimitMs }),
    close: () => transport.close(),
  };
}

function openJournal(place: TurnPlace, settings: TestSettings, plan: BenchPlan, run: ThreadRun) {
  const { plan: _share, hop, auth: _auth, ...rest } = settings;
  const facts = { startedAt: new Date().toISOString(), hops: [hop], ...setupOf(plan), ...rest };
  return openTurnJournal(place, facts, () => run.progress());
}

/** An API key is sent even when the endpoint asks for none. @throws {UsageError} API_KEY_NEEDED, TOKEN_NEEDED */
function readEndpointAuth(auth: TestAuth, env: NodeJS.ProcessEnv, proxies: ProxySettings | undefined): Credentials {
  if (auth.type === 'iam') {
    const { region } = auth;
    const signing = openSigning({ region, ...(proxies && { proxies }) });
    // The turns report it: each waits for the credentials.
    signing.catch(() => undefined);
    return { type: 'iam', region, credentials: async () => (await signing).credentials() };
  }
  if (auth.type === 'bearer') {
    const token = env['AGENTSTREAM_TOKEN'];
    if (token) return { type: 'bearer', header: auth.header, token: createTokenSource({ token }) };
    throw new UsageError('TOKEN_NEEDED', 'the endpoint wants a bearer token: AGENTSTREAM_TOKEN is not set', {
      hint: 'a token that lasts as long as the load',
    });
  }
  const key = env['AGENTSTREAM_API_KEY'];
  if (key) return { type: 'api-key', key: headerValue('AGENTSTREAM_API_KEY', key) };
  if (auth.type === 'none') return { type: 'none' };
  throw new UsageError('API_KEY_NEEDED', 'the endpoint wants an API key: AGENTSTREAM_API_KEY is not set', {
    hint: hint`${['agentstream', 'status', '--show-key']} prints it`,
  });
}
