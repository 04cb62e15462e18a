import { AGENT_TURNS_PER_SECOND, NEW_SESSIONS_PER_MINUTE } from '../../aws/limits.ts';
import type { HopFacts } from './report-schema.ts';
import type { TurnRecord } from '../run/turn-record.ts';

/**
 * Explanations by error code of the endpoint, the function or Lambda. Sources: API Gateway guide, "Amazon API Gateway
 * quotas" and "Gateway response types"; Lambda guide, "Lambda quotas"; AgentCore guide, "Quotas for Amazon Bedrock AgentCore" and
 * "HTTP protocol contract".
 */
const BY_CODE: Readonly<Record<string, string>> = {
  THROTTLED: `AgentCore accepts ${AGENT_TURNS_PER_SECOND} turns per second for an agent, and ${NEW_SESSIONS_PER_MINUTE} new sessions per minute for an endpoint of a container agent (25 per second when its code was deployed directly)`,
  QUOTA_EXCEEDED: "AgentCore's quota is used up: 5,000 active sessions in us-east-1 and us-west-2, 2,500 elsewhere",
  PAYLOAD_TOO_LARGE: 'requests through Lambda are limited to 6 MB, through API Gateway to 10 MB',
  SESSION_CONFLICT: 'AgentCore was still making or ending the session',
  AGENT_ERROR: 'the agent itself failed: see its log',
  AGENT_TIMEOUT: 'the agent did not answer in time: AgentCore waits 15 minutes at most',
  DEADLINE_EXCEEDED: 'the time of the function was up: Lambda runs it for 15 minutes at most',
  TooManyRequestsException: 'Lambda has no environment left: each open stream holds one unit of concurrency for its whole life',
  RequestTooLargeException: 'Lambda takes requests of 6 MB at most',
};

/** Explanations of API Gateway's own errors, by status. */
const BY_GATEWAY_STATUS: Readonly<Record<number, string>> = {
  401: "the endpoint's authorizer had no valid credentials",
  403: 'API Gateway refused the API key or signature, a firewall rule held, or there is no such path',
  413: 'API Gateway takes requests of 10 MB at most',
  429: "the usage plan of the API key: its rate or its quota; or the account's 10,000 requests a second",
  500: 'API Gateway could not use the answer of the function or of the authorizer',
  502: 'API Gateway found no valid head in the answer of the function',
  504: 'API Gateway got no answer of the function in time: its integration timeout, or the function failed',
};

/** The limit that explains an outcome; undefined when no limit does. @param facts the limits of their hop */
function outcomeExplanation(
  { outcome, status, code }: Pick<TurnRecord, 'outcome' | 'status' | 'code'>,
  { idleLimitMs, streamLimitMs }: Omit<HopFacts, 'hop'>,
): string | undefined {
  switch (outcome) {
    case 'ok':
    case 'cancelled':
      return undefined;
    case 'unfinished':
      return 'they were still streaming when the grace period ended';
    case 'empty':
      return 'a success without content, or with comments only: the agent returned or yielded nothing';
    case 'client-timeout':
      return 'a timer of this client ended them, not the endpoint';
    case 'idle-cut':
      return `a stream is cut after ${inSeconds(idleLimitMs)} of silence, the idle limit of the endpoint`;
    case 'cap-cut':
      return `a stream is cut after ${inSeconds(streamLimitMs)}, the longest that a streamed response may last`;
    case 'gateway-error':
      return BY_GATEWAY_STATUS[status ?? 0];
    default:
      return BY_CODE[code ?? ''];
  }
}

function inSeconds(ms: number | undefined): string {
  return ms === undefined ? 'some time' : `${ms / 1_000} s`;
}

/**
 * Counts outcomes by hop in the given order; within a hop ok comes first, then the most frequent. `explanation`: the limit behind it, a
 * sentence; absent for `ok` and where no limit explains it.
 */
export function countOutcomes(turns: readonly TurnRecord[], hops: readonly HopFacts[]) {
  return hops.flatMap(({ hop, ...limits }) => {
    const byKey = new Map<string, { readonly first: TurnRecord; count: number }>();
    for (const turn of turns) {
      if (turn.hop !== hop) continue;
      const key = [turn.outcome, turn.status, turn.code].join(' ');
      const alike = byKey.get(key) ?? { first: turn, count: 0 };
      alike.count += 1;
      byKey.set(key, alike);
    }
    const rankOf = ({ outcome }: TurnRecord): number => (outcome === 'ok' ? 0 : 1);
    return [...byKey]
      .sort(([keyA, a], [keyB, b]) => rankOf(a.first) - rankOf(b.first) || b.count - a.count || (keyA < keyB ? -1 : 1))
      .map(([, { first, count }]) => countOf(first, count, limits));
  });
}

function countOf({ hop, outcome, status, code }: TurnRecord, count: number, limits: Omit<HopFacts, 'hop'>) {
  const facts = { hop, outcome, ...(status !== undefined && { status }), ...(code !== undefined && { code }) };
  const explanation = outcomeExplanation(facts, limits);
  return { ...facts, count, ...(explanation !== undefined && { explanation }) };
}
