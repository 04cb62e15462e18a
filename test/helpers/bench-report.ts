import { LIST_PRICES } from '../../src/bench/figures/cost.ts';
import type { RunFacts } from '../../src/bench/figures/report-schema.ts';
import { type BenchReport, formatReportLine, REPORT_SCHEMA } from '../../src/bench/figures/report.ts';
import { summarize } from '../../src/bench/figures/summarize.ts';
import { createRandom, shuffled } from '../../src/bench/run/schedule.ts';
import type { TurnClass } from '../../src/bench/run/turn-kinds.ts';
import type { TurnRecord } from '../../src/bench/run/turn-record.ts';
import type { Hop } from '../../src/stream/stream-part.ts';
import { simulateRefusal, simulateStream, type StreamPlan } from './simulated-stream.ts';

export interface SimulatedRun {
  readonly hops?: readonly Hop[];
  /** Turns to each hop. */
  readonly rounds?: number;
  readonly seed?: number;
  readonly run?: Partial<RunFacts>;
  readonly clients?: BenchReport['clients'];
  /** Changes each record before it is summed up. */
  readonly change?: (turn: TurnRecord) => TurnRecord;
}

const VUS = 20;
const WARMUP_ROUNDS = 4;
const ADDED_MS: Readonly<Record<Hop, number>> = { agentcore: 0, lambda: 13, api: 31 };
const HEARTBEAT_MS = 15_000;

/**
 * A report of a run that did not take place: 20 virtual users talk with an agent that uses tools, over these hops. Every figure
 * is measured and summed up as that of a real run; only the streams are made up, by the seed.
 */
export function simulateRun(options: SimulatedRun = {}): BenchReport {
  const { hops = ['api', 'lambda', 'agentcore'], rounds = 200, seed = 7 } = options;
  const turns = simulateTurns(hops, rounds, createRandom(seed)).map(options.change ?? ((turn) => turn));
  const measured = turns.filter(({ phase }) => phase === 'measured').map(({ sentMs }) => sentMs);
  const sendingMs = measured.length === 0 ? 0 : Math.max(...measured) - Math.min(...measured);
  const durationMs = Math.max(...turns.map(({ sentMs, metrics }) => sentMs + metrics.durationMs));
  const run: RunFacts = {
    startedAt: '2026-11-20T09:30:00.000Z',
    durationMs,
    sendingMs,
    plan: {
      hops,
      load: { model: 'closed', arrival: 'constant', startLevel: VUS, stages: [], turns: rounds },
      warmupMs: 15_000,
      graceMs: 30_000,
      conversations: 12,
      session: { type: 'per-vu' },
      keepsSessions: false,
      paces: { turnsPerSecond: 200, newSessionsPerMinute: 400 },
      seed,
      timers: {},
    },
    hops: hops.map((hop) => ({
      hop,
      ...(hop === 'api' && { idleLimitMs: 300_000 }),
      ...(hop !== 'agentcore' && { streamLimitMs: 900_000, memoryMb: 512 }),
    })),
    versions: { agentstream: '0.1.0', node: '24.21.0' },
    noiseFloor: { events: 1_200, stampErrorP50Ms: 0.21, stampErrorP99Ms: 0.94, ttfbP50Ms: 0.62 },
    sessions: { opened: VUS * hops.length, stopped: VUS * hops.length, left: 0 },
    prices: LIST_PRICES,
    thresholds: ['ttfb.p95<1200ms', 'maxGap<60s', 'ok>=99.5%'],
    maxLagMs: 20,
    ...options.run,
  };
  const clients = options.clients ?? [{ loopDelayP99Ms: 1.4, loopDelayMaxMs: 6.2, busy: 0.17 }];
  return { schema: REPORT_SCHEMA, run, clients, turns, summary: summarize({ run, clients, turns }) };
}

function simulateTurns(hops: readonly Hop[], rounds: number, random: () => number): TurnRecord[] {
  const turns: TurnRecord[] = [];
  const freeAt = Array.from({ length: VUS }, (_, vu) => vu * 40);
  const opened = new Set<string>();
  const push = (turn: Omit<TurnRecord, 'index'>): void => void turns.push({ index: turns.length, ...turn });
  for (const hop of hops) {
    push(simulateTurn({ hop, class: 'cold', round: -1, sentMs: 0, phase: 'pilot', vu: 0 }, random));
  }
  for (let round = -WARMUP_ROUNDS; round < rounds; round += 1) {
    const vu = freeAt.indexOf(Math.min(...freeAt));
    let at = freeAt[vu] ?? 0;
    for (const hop of shuffled(hops, random)) {
      const session = `${hop} ${vu}`;
      const isNew = !opened.has(session);
      opened.add(session);
      const isCold = hop !== 'agentcore' && random() < (isNew ? 0.3 : 0.004);
      const kind: TurnClass = isCold ? 'cold' : isNew ? 'new-session' : 'warm';
      const phase = round < 0 ? 'warmup' : 'measured';
      const turn = simulateTurn({ hop, class: kind, round, sentMs: at, phase, vu }, random);
      push(turn);
      at += turn.metrics.durationMs + 2;
    }
    freeAt[vu] = at;
  }
  return turns;
}

interface TurnPlace extends Pick<TurnRecord, 'hop' | 'class' | 'phase' | 'sentMs'> {
  readonly round: number;
  readonly vu: number;
}

/** Turns of a round share the work of the agent; the hops add their own. */
function simulateTurn(place: TurnPlace, random: () => number): Omit<TurnRecord, 'index'> {
  const { round, vu, ...facts } = place;
  const ofRound = createRandom(round * 7_919 + 13);
  const agentMs = 380 * Math.exp(0.32 * normal(ofRound)) + (place.class === 'warm' ? 0 : 700 + 500 * ofRound());
  const initMs = place.class === 'cold' && place.hop !== 'agentcore' ? 290 + 60 * random() : 0;
  const ttfbMs = Math.max(20, agentMs + initMs + ADDED_MS[place.hop] + 5 * normal(random));
  const outcome = outcomeOf(place);
  const record = {
    ...facts,
    pair: round,
    session: vu,
    latenessMs: 0.2 + 0.6 * random() ** 6,
    heldMs: 0,
    status: 200,
    ...(initMs > 0 && { initMs }),
    ...(place.hop !== 'agentcore' && { agentMs: agentMs + 4 }),
  };
  if (outcome === 'http-error') {
    const metrics = simulateRefusal(64, outcome);
    return { ...record, outcome, status: 429, code: 'THROTTLED', metrics };
  }
  const { metrics, trace } = simulateStream({
    ...streamPlan(round, ofRound, place.hop),
    ttfbMs,
    ...(outcome !== 'ok' && { outcome: outcome === 'unfinished' ? 'cancelled' : outcome }),
  });
  return {
    ...record,
    outcome,
    ...(outcome === 'error-event' && { code: 'AGENT_ERROR' }),
    ...(outcome === 'reset' && { code: 'STREAM_CUT' }),
    metrics,
    ...((round >= 0 && round < 2) || round % 60 === 17 ? { trace } : {}),
  };
}

function streamPlan(round: number, random: () => number, hop: Hop): Omit<StreamPlan, 'ttfbMs'> {
  // One answer is a long document.
  if (round % 500 === 77) {
    const gapsMs = Array.from({ length: 1_000 }, () => 0.4 + 0.1 * random());
    return { gapsMs, bytesPerEvent: 11_000, ...(hop !== 'agentcore' && { throttledFrom: 6e6 }) };
  }
  const count = 30 + Math.floor(70 * random());
  const gapsMs = Array.from({ length: count }, () => 24 + 30 * random() + (random() < 0.02 ? 400 * random() : 0));
  const toolMs = round === 17 ? 96_000 : random() < 0.1 ? 9_000 + 33_000 * random() : 700 + 3_500 * random();
  return {
    gapsMs,
    bytesPerEvent: 110,
    ...(hop !== 'agentcore' && { heartbeatMs: HEARTBEAT_MS }),
    ...(random() < 0.6 || round === 17 ? { tool: { after: 8 + Math.floor(10 * random()), ms: toolMs, name: 'search' } } : {}),
  };
}

function outcomeOf({ round, hop, phase }: TurnPlace): TurnRecord['outcome'] {
  if (phase !== 'measured') return 'ok';
  if (round % 200 === 91 && hop === 'api') return 'http-error';
  if (round % 200 === 130 && hop === 'api') return 'reset';
  if (round % 200 === 150 && hop === 'lambda') return 'error-event';
  return round % 200 === 198 && hop === 'agentcore' ? 'unfinished' : 'ok';
}

/** Standard normal (Box-Muller). */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** A whole report as NDJSON, line by line: facts, turns, clients. */
export function* reportLines({ run, turns, clients }: BenchReport): Generator<string, undefined> {
  yield formatReportLine('run', run);
  for (const turn of turns) yield formatReportLine('turn', turn);
  for (const client of clients) yield formatReportLine('client', client);
}
