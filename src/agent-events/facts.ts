import type { AgentEvent } from './agent-event.ts';
import { isJsonObject, type JsonObject } from './json-value.ts';
import type { Reading, ToolCalls } from './shape.ts';
import { type Members, membersOf } from './members.ts';
import { finishReasonOf, senseOf } from './vocabulary.ts';

const REASONS = ['finishreason', 'stopreason', 'donereason', 'completionreason', 'stoptype'] as const;
/** Objects with a reason in them: OpenAI's, Mastra's, of Text Generation Inference, and Gemini's of a refused question. */
const DETAILS = ['incompletedetails', 'stepresult', 'details', 'promptfeedback'] as const;

/** The end that an object tells, if it does: a finish, or an error. A model that stops for a tool goes on. */
export function finishIn(members: Members): Reading | undefined {
  const stated = REASONS.map((name) => members.get(name));
  const detailed = DETAILS.map((name) => members.get(name)).flatMap((details) =>
    isJsonObject(details) ? [details['reason'] ?? details['finish_reason'] ?? details['blockReason']] : [],
  );
  // ADK tells the end by a code, when there was no text with it.
  const code = finishReasonOf(members.get('errorcode'));
  if (code !== undefined && code !== 'error' && code !== 'other') return { type: 'finish', reason: code };
  for (const word of [...detailed, ...stated]) {
    const reason = finishReasonOf(word);
    if (reason === undefined || reason === 'tool-calls') continue;
    if (reason !== 'error') return { type: 'finish', reason };
    const shown = typeof word === 'string' ? word : 'error';
    const error = members.get('error');
    return {
      type: 'error',
      message: typeof error === 'string' ? error : `the model ended with the reason "${shown}"`,
      code: shown,
    };
  }
  // LangChain's end of one model call, which says nothing of the graph unless it is a bad one.
  const metadata = members.get('responsemetadata');
  const end = isJsonObject(metadata) ? finishIn(membersOf(metadata)) : undefined;
  return end?.type === 'finish' && end.reason === 'stop' ? undefined : end;
}

/** Whether a model has ended so that a tool can run: it goes on. */
export function stopsForTool(members: Members): boolean {
  return REASONS.some((name) => finishReasonOf(members.get(name)) === 'tool-calls');
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
      const events = [place.get(name)].flat().filter(isJsonObject).flatMap(usageOf);
      if (events.length > 0) return events;
    }
  }
  return [];
}

function usageOf(usage: JsonObject): readonly Reading[] {
  const counts = membersOf(usage);
  const first = (names: readonly string[]): unknown => names.map((count) => counts.get(count)).find((count) => count);
  const inputTokens = first(INPUTS);
  const outputTokens = first(OUTPUTS);
  if (typeof inputTokens !== 'number' && typeof outputTokens !== 'number') return [];
  return [
    {
      type: 'usage',
      ...(typeof inputTokens === 'number' && { inputTokens }),
      ...(typeof outputTokens === 'number' && { outputTokens }),
    },
  ];
}

/** Members that `finishIn` and `usageIn` look for. */
export const FACTS: ReadonlySet<string> = new Set([
  ...REASONS,
  ...USAGES,
  ...DETAILS,
  'errorcode',
  'metadata',
  'responsemetadata',
]);

const CALL_NAMES = ['toolname', 'toolcallname', 'name', 'tool', 'functionname'] as const;
const CALL_IDS = ['toolcallid', 'callid', 'tooluseid', 'toolid', 'id', 'runid'] as const;
/** Where the call itself stands in the event that tells of it. */
const CALL_PLACES =
  'item rawitem payload data part tool contentblock function toolcall tooluse result content functioncall'.split(' ');
const ENDED = /^after|result|output|return|end|complete|finish|done|error|fail|response|execut/i;
const MAX_DEPTH = 3;

/** A call of a tool, or its result, as an object that is labelled so tells it. */
export function callsIn(members: Members, isEnd: boolean, tools: ToolCalls): readonly Reading[] {
  return namedCalls(members, 0).flatMap(({ name, id }) => (isEnd ? tools.end(id) : tools.start(name, id)));
}

type Call = { readonly name: unknown; readonly id: unknown };

/** The innermost object has the name and the id of the call; the event around it may have the other of the two. */
function namedCalls(members: Members, depth: number): readonly Call[] {
  const first = (keys: readonly string[]): unknown =>
    keys.map((key) => members.get(key)).find((value) => typeof value === 'string' && value !== '');
  const own = { name: first(CALL_NAMES), id: first(CALL_IDS) };
  const nested = CALL_PLACES.flatMap((key) => {
    const place = members.get(key);
    return (Array.isArray(place) ? (place as unknown[]) : [place]).filter(isJsonObject);
  });
  const inner = depth < MAX_DEPTH ? nested.flatMap((call) => namedCalls(membersOf(call), depth + 1)) : [];
  const calls = inner.filter(({ name, id }) => name !== undefined || id !== undefined);
  return calls.length > 0 ? calls.map(({ name, id }) => ({ name: name ?? own.name, id: id ?? own.id })) : [own];
}

/** Results of tools in a message of the user's name. */
export function resultsIn(members: Members, tools: ToolCalls): readonly Reading[] {
  const message = members.get('message');
  const content = isJsonObject(message) ? message['content'] : members.get('content');
  return [content].flat().flatMap((block: unknown) => {
    if (!isJsonObject(block)) return [];
    const result = block['toolResult'];
    return tools.end(isJsonObject(result) ? result['toolUseId'] : block['tool_use_id']);
  });
}

/** Whether labels of a tool tell its result: not its call, nor the end of its arguments. */
export function tellsResult(labels: readonly string[]): boolean {
  return labels.some((label) => ENDED.test(label) && label !== 'TOOL_CALL_END' && senseOf(label).meaning === 'tool');
}

/** Whether the first of Gemini's candidates has ended: only then its tokens are counted. */
export function hasReason(members: Members): boolean {
  const candidates = members.get('candidates');
  const first: unknown = Array.isArray(candidates) ? candidates[0] : undefined;
  return isJsonObject(first) && finishIn(membersOf(first)) !== undefined;
}
