import type { AgentEvent } from './agent-event.ts';
import { isJsonObject } from './json-value.ts';
import { type Reading, type ToolCalls, usageEvent } from './shape.ts';
import { membersOf } from './members.ts';
import { finishReasonOf, senseOf } from './vocabulary.ts';

type Members = ReadonlyMap<string, unknown>;

const REASONS = ['finishreason', 'stopreason', 'donereason', 'completionreason'] as const;

/** The end that an object tells, if it does: a finish, or an error. A model that stops for a tool goes on. */
export function finishIn(members: Members): Reading | undefined {
  const details = members.get('incompletedetails');
  const stated = REASONS.map((name) => members.get(name));
  for (const word of [isJsonObject(details) ? details['reason'] : undefined, ...stated]) {
    const reason = finishReasonOf(word);
    if (reason === undefined || reason === 'tool-calls') continue;
    if (reason !== 'error') return { type: 'finish', reason };
    const shown = typeof word === 'string' ? word : 'error';
    return { type: 'error', message: `the model ended with the reason "${shown}"`, code: shown };
  }
  return undefined;
}

/** The end that an object's labels tell: `message_stop`, `RunCompleted`, `done`, `abort`. */
export function finishOf(labels: readonly string[]): (AgentEvent & { readonly type: 'finish' }) | undefined {
  const label = labels.find((name) => senseOf(name).ends);
  if (label === undefined) return undefined;
  return /abort|cancel/i.test(label) ? { type: 'finish', reason: 'aborted' } : { type: 'finish' };
}

const USAGES = ['usage', 'usagemetadata', 'modelsusage', 'tokenusage', 'totalusage', 'metrics'] as const;
const INPUTS = ['inputtokens', 'prompttokens', 'prompttokencount'] as const;
const OUTPUTS = ['outputtokens', 'completiontokens', 'candidatestokencount'] as const;

/** Tokens that an object tells, in whatever names. */
export function usageIn(members: Members): readonly Reading[] {
  const metadata = members.get('metadata');
  const places = isJsonObject(metadata) ? [members, membersOf(metadata)] : [members];
  for (const place of places) {
    for (const name of USAGES) {
      const usage = place.get(name);
      if (!isJsonObject(usage)) continue;
      const counts = membersOf(usage);
      const first = (names: readonly string[]): unknown =>
        names.map((count) => counts.get(count)).find((count) => count);
      const events = usageEvent({ input: first(INPUTS), output: first(OUTPUTS) }, ['input', 'output']);
      if (events.length > 0) return events;
    }
  }
  return [];
}

const CALL_NAMES = ['toolname', 'name', 'tool', 'functionname'] as const;
const CALL_IDS = ['toolcallid', 'callid', 'tooluseid', 'toolid', 'id', 'runid'] as const;
/** Where the call itself stands in the event that tells of it. */
const CALL_PLACES =
  'item rawitem payload data part tool contentblock function toolcall result content functioncall'.split(' ');
const ENDED = /result|output|return|end|complete|finish|done|error|fail|response|execut/i;
const MAX_DEPTH = 3;

/** A call of a tool, or its result, as an object that is labelled so tells it. */
export function callsIn(members: Members, isEnd: boolean, tools: ToolCalls, depth = 0): readonly Reading[] {
  const name = CALL_NAMES.map((key) => members.get(key)).find((value) => typeof value === 'string' && value !== '');
  const id = CALL_IDS.map((key) => members.get(key)).find((value) => typeof value === 'string' && value !== '');
  const nested = CALL_PLACES.flatMap((key) => {
    const place = members.get(key);
    return (Array.isArray(place) ? (place as unknown[]) : [place]).filter(isJsonObject);
  });
  // The innermost has the name and the id of the call, the event around it its own.
  const inner = depth < MAX_DEPTH ? nested.flatMap((call) => callsIn(membersOf(call), isEnd, tools, depth + 1)) : [];
  if (inner.length > 0) return inner;
  return isEnd ? tools.end(id) : tools.start(name, id);
}

/** Whether labels of a tool tell its result, not its call. */
export function tellsResult(labels: readonly string[]): boolean {
  return labels.some((label) => ENDED.test(label) && senseOf(label).meaning === 'tool');
}
