import { randomInt } from 'node:crypto';
import { AGENT_TURNS_PER_SECOND, NEW_SESSIONS_PER_MINUTE } from '../aws/limits.ts';
import type { HopFacts, RunFacts } from './figures/report-schema.ts';
import { turnsForThresholds } from './figures/threshold-needs.ts';
import { type BenchFlags, DEFAULT_PROMPT, DEFAULT_TURNS } from './flags.ts';
import { type Conversation, readPromptFile, readReplayFile } from './run/conversations.ts';
import type { BenchPlan, Load, Paces } from './run/plan.ts';
import { highestLevel } from './run/schedule.ts';
import { hint, UsageError } from '../cli/errors.ts';
import { hopLimits } from '../endpoint/connection.ts';
import type { Endpoint } from '../endpoint/endpoint.ts';
import { probeNeedsFunction } from '../endpoint/transport.ts';
import { PROBE_DEFAULTS } from '../protocol.ts';
import type { Hop } from '../stream/stream-part.ts';
import { sumOf } from '../stream/distribution.ts';

/**
 * Reads the plan from the flags and checks it, before AWS is asked for anything. Without a number of turns or a time the load has as many
 * turns as its thresholds need.
 * @throws {UsageError} for flags that do not go together, files that cannot be read, thresholds that the plan cannot judge, and a load
 *   above AgentCore's limits
 */
export function readPlan(flags: BenchFlags): BenchPlan {
  const load = readLoad(flags);
  const conversations = readConversations(flags);
  const { probe, qualifier, timeout } = flags;
  if (probe && flags.hop.includes('agentcore')) throw probeNeedsFunction();
  const plan: BenchPlan = {
    hops: flags.hop,
    load,
    warmupMs: flags.warmup,
    graceMs: flags.grace,
    conversations,
    ...(probe && { probe: probe === true ? PROBE_DEFAULTS : probe }),
    session: flags.session,
    keepsSessions: flags.keepSessions === true,
    paces: flags.ignoreLimits || probe ? {} : AGENT_PACES,
    ...(qualifier !== undefined && { qualifier }),
    seed: flags.seed ?? randomInt(2 ** 31),
    timers: timeout ? { totalMs: timeout } : {},
  };
  checkPaces(plan);
  const needed = turnsForThresholds(flags.threshold ?? [], plan);
  const isOpenEnded = load.turns === undefined && load.stages.length === 0;
  return isOpenEnded ? { ...plan, load: { ...load, turns: Math.max(DEFAULT_TURNS, needed) } } : plan;
}

/** AgentCore's limits hold for all hops together. */
const AGENT_PACES: Paces = { turnsPerSecond: AGENT_TURNS_PER_SECOND, newSessionsPerMinute: NEW_SESSIONS_PER_MINUTE };

/**
 * The plan at the pace of a stack: its throttle holds for what goes through API Gateway, a share of the turns and the call that stops a
 * session.
 * @param stackTurnsPerSecond rate limit of the stack's usage plan; undefined without one, or when limits are ignored
 * @throws {UsageError} RATE_ABOVE_LIMIT
 */
export function paceToStack(plan: BenchPlan, stackTurnsPerSecond: number | undefined): BenchPlan {
  const { hops, session, keepsSessions, probe, paces } = plan;
  if (stackTurnsPerSecond === undefined || !hops.includes('api')) return plan;
  const callsATurn = session.type === 'new' && !keepsSessions && !probe ? 2 : 1;
  const throughApi = (stackTurnsPerSecond * hops.length) / callsATurn;
  const turnsPerSecond = Math.min(paces.turnsPerSecond ?? Infinity, throughApi);
  const paced = { ...plan, paces: { ...paces, turnsPerSecond } };
  checkPaces(paced);
  return paced;
}

function readLoad(flags: BenchFlags): Load {
  const { vus, rate, poisson, stage: stages, requests } = flags;
  const duration = flags.duration ?? flags.z;
  if ([vus, rate, poisson].filter((level) => level !== undefined).length > 1)
    throw new UsageError('INVALID_LOAD', '--vus, --rate and --poisson exclude each other');
  if (stages && duration !== undefined) {
    throw new UsageError('INVALID_LOAD', '--stage and --duration exclude each other', {
      hint: 'a constant level is a stage as well: --stage 30s:50 --stage 2m:50',
    });
  }
  if (duration === 0) throw new UsageError('INVALID_LOAD', '--duration is 0: nothing would be sent');
  const open = rate ?? poisson;
  const startLevel = open ?? vus ?? (stages ? 0 : 1);
  if (startLevel === 0 && !stages?.some(({ level }) => level > 0))
    throw new UsageError('INVALID_LOAD', 'a load of 0: nothing would be sent');
  return {
    model: open === undefined ? 'closed' : 'open',
    arrival: poisson === undefined ? 'constant' : 'poisson',
    startLevel,
    stages: stages ?? (duration === undefined ? [] : [{ durationMs: duration, level: startLevel }]),
    ...(requests !== undefined && { turns: requests }),
  };
}

function readConversations({ prompt, prompts, replay, probe }: BenchFlags): readonly Conversation[] {
  const given = [prompt, prompts, replay, probe].filter((source) => source !== undefined);
  if (given.length > 1) throw new UsageError('INVALID_LOAD', '--prompt, --prompts, --replay and --probe exclude each other');
  if (prompts !== undefined) return readPromptFile(prompts);
  if (replay !== undefined) return readReplayFile(replay);
  if (prompt?.trim() === '') throw new UsageError('EMPTY_PROMPT', 'the prompt is empty');
  return [[prompt ?? DEFAULT_PROMPT]];
}

/** An open load does not wait, so one above a limit could only fail; a closed one is held back as it runs. */
function checkPaces({ load, paces, session, conversations, probe }: BenchPlan): void {
  if (load.model === 'closed') return;
  const highest = highestLevel(load);
  const { turnsPerSecond = Infinity, newSessionsPerMinute = Infinity } = paces;
  const lower = 'a lower rate, or --ignore-limits where your limits are higher';
  if (highest > turnsPerSecond) {
    throw new UsageError('RATE_ABOVE_LIMIT', `${highest} turns per second are above the limit of ${turnsPerSecond}`, {
      hint: hint`${lower}; the stack's own is set by ${['agentstream', 'deploy', '--rate-limit']}`,
    });
  }
  const turns = sumOf(conversations, (prompts) => prompts.length);
  const perMinute = (highest * 60 * conversations.length) / turns;
  if (!probe && session.type === 'new' && perMinute > newSessionsPerMinute) {
    throw new UsageError(
      'RATE_ABOVE_LIMIT',
      `${Math.round(perMinute)} new sessions per minute are above the limit of ${newSessionsPerMinute}`,
      { hint: `${lower}; or --session per-vu` },
    );
  }
}

/** The facts of one hop: its limits, and the memory of the function when it passes it. */
export function toHopFacts(hop: Hop, endpoint: Endpoint): HopFacts {
  const { idleLimitMs, streamLimitMs } = hopLimits(hop, endpoint);
  const { memoryMb } = endpoint.stack ?? {};
  return {
    hop,
    ...(idleLimitMs !== undefined && { idleLimitMs }),
    streamLimitMs,
    ...(memoryMb !== undefined && hop !== 'agentcore' && { memoryMb }),
  };
}

/** The target of a run, for its report: no account and no path. */
export function toTargetFacts({ url, access, stack }: Endpoint): NonNullable<RunFacts['target']> {
  const agent = stack?.agentRuntimeArn.split('/').at(-1);
  return {
    ...(stack && { stack: stack.name }),
    ...(stack && access.region !== undefined && { region: access.region }),
    host: new URL(url).host,
    ...(agent !== undefined && { agent }),
  };
}
