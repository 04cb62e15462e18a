import type { FinishReason } from './agent-event.ts';
import { isJsonObject } from './json-value.ts';
import { MAX_LABEL, MAX_REMEMBERED, plainName } from './members.ts';

/**
 * The sense of a label (an SSE event's name, a `type`, `event`, `kind` or class name) for the object that carries it. `piece`: nothing
 * against its being a piece of the answer. `done`: the end of something, which may repeat the whole text. `fallback`: text that
 * counts only when the stream has no other.
 */
export type Meaning = 'piece' | 'whole' | 'done' | 'fallback' | 'reasoning' | 'tool' | 'failure' | 'ignored' | 'prompt';

/** Labels whose words say too little or the wrong thing, in lower-case words. */
const BY_LABEL = table<Meaning>({
  piece:
    'content block start, part start, on chat model stream, on llm stream, on llm new token, on token, on new token, on delta, on chunk, ' +
    'on text, on stream, status update, ' +
    'task status update event, workflow step output',
  whole:
    'on chat model end, on llm end, run item stream event, result message, assistant, assistant message, text message, ai, ai message, ' +
    'chat completion, add message, tool call summary message, final answer step, content block event, agent result event',
  done: 'llm call completed',
  // A part of a run has ended, perhaps with a failure: the run goes on.
  fallback: 'on chain end, node finished, task completed, workflow step result',
  prompt: 'human message',
  tool: 'hook event message',
  failure: 'llm call failed, error max turns, error max budget usd, error during execution',
  // `model` is the provider's event in OpenAI's Agents SDK for JavaScript, beside its own of the same text. Flowise tells the state of a
  // flow and its nodes, Langflow of a component, Coze suggests what to ask; the session of the Claude Agent SDK goes on after a mirror error.
  ignored:
    'handoff message, messages metadata, message replace, model metadata event, message created, model, agent flow event, ' +
    'next agent flow, agent flow executed data, end vertex, follow up, message added event, model message event, mirror error message',
});

/** A map from each name in the lists to the word above its list: names come from outside, and `constructor` is one of them. */
function table<T extends string>(lists: Readonly<Partial<Record<T, string>>>): ReadonlyMap<string, T> {
  return new Map(
    Object.entries<string>(lists as Record<T, string>).flatMap(([value, names]) =>
      names.split(', ').map((name) => [name, value as T]),
    ),
  );
}

const words = (list: string): ReadonlySet<string> => new Set(list.split(' '));

const TOOL = words(
  'tool tools toolcall tooluse toolresult function functions mcp args arguments interpreter call calls observation observations',
);
const REASONING = words('reasoning reason thinking think thought thoughts rationale reflection');
const PROMPT = words('user human system developer question prompt query request customer');
const FAILURE = words(
  'error errors errored err exception fail failed failure fault fatal crash crashed panic timeout rejected exceeded unavailable unauthorized forbidden overloaded expired',
);
/** Words that may follow the word for a failure without changing what the label says. */
const AFTER_FAILURE = words('event message chunk response item data detail details info hook');
/** Not part of the answer, wherever the word stands. */
const IGNORED = words(
  'ping heartbeat keepalive alive status progress metadata meta usage debug warning warnings notice log logs logging trace session connected connection init ' +
    'initialized started begin queued created title source sources citation citations annotation annotations reference references ' +
    'document documents retriever retrieval config signature json audio image video file url interrupt notifications cost timing ' +
    'intermediate verbose suggestion suggestions suggested checkpoint checkpoints memory feedback input inputs updated handoff telemetry step',
);
const LOGS = words('log logs debug trace telemetry');
/** Not part of the answer, when it is the last word: `message_start`, `thread.message.in_progress`. */
const IGNORED_LAST = words('start starting open opened ready state progress id info connect plan action endpoint');
const WHOLE = words('final result whole full aggregated snapshot summary');
const DONE = words(
  'done complete completed end ended finish finished stop stopped close closed success succeeded cancelled canceled abort aborted',
);

/** Labels, as words, with which a framework ends its run. */
const ENDS = new Set([
  ...DONE,
  ...(
    'final, message stop, message end, response completed, response incomplete, response cancelled, run completed, run finished, ' +
    'run cancelled, team run completed, workflow finished, workflow completed, agent run result event, agent run result, ' +
    'agent result event, agent output, crew kickoff completed, stop event, result message, stream end, thread run completed, ' +
    'thread run cancelled, task result'
  ).split(', '),
]);

/** A label's words: `response.output_text.delta`, `RunContent` and `TEXT_MESSAGE_END` all come out in lower case, with one space. */
export function wordsOf(label: string): string[] {
  return label
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}

/** Parts of the AI SDK with data of the agent's own; events of AG-UI (docs.ag-ui.com, "Events") beside messages and tools. */
const IGNORED_LABEL = /^(?:data-.*|RAW|CUSTOM|(?:STEP|STATE|ACTIVITY|SUBAGENT)_[A-Z_]+)$/;

interface Sense {
  readonly meaning: Meaning;
  readonly ends: boolean;
  /** The agent does this before it answers, or writes it to a log: it goes on after a failure there. */
  readonly goesOn: boolean;
}

const senses = new Map<string, Sense>();

/** The sense of a label. */
export function senseOf(label: string): Sense {
  const known = senses.get(label);
  if (known) return known;
  const list = wordsOf(label.slice(0, MAX_LABEL));
  const meaning = IGNORED_LABEL.test(label) ? 'ignored' : meaningOfWords(list);
  const goesOn = ['tool', 'prompt', 'fallback'].includes(meaning) || list.some((word) => LOGS.has(word));
  const sense = { meaning, ends: ENDS.has(list.join(' ')), goesOn };
  if (senses.size < MAX_REMEMBERED) senses.set(label, sense);
  return sense;
}

function meaningOfWords(list: readonly string[]): Meaning {
  const exact = BY_LABEL.get(list.join(' '));
  if (exact) return exact;
  const has = (set: ReadonlySet<string>): boolean => list.some((word) => set.has(word));
  // The answer comes with the model's callbacks of LangChain; the other callbacks repeat it or come before it.
  if (list[0] === 'on' && list.length > 1 && list.at(-1) !== 'error') return has(TOOL) ? 'tool' : 'ignored';
  if (has(TOOL)) return 'tool';
  if (FAILURE.has(list.findLast((word) => !AFTER_FAILURE.has(word)) ?? '')) return 'failure';
  if (has(PROMPT)) return 'prompt';
  if (has(REASONING)) return 'reasoning';
  if (has(IGNORED) || IGNORED_LAST.has(list.at(-1) ?? '')) return 'ignored';
  if (has(DONE)) return 'done';
  return has(WHOLE) ? 'whole' : 'piece';
}

/** Meanings by strength: the strongest of several labels counts. */
const STRENGTH: readonly Meaning[] = ['piece', 'done', 'whole', 'failure', 'fallback', 'reasoning', 'prompt', 'ignored', 'tool'];

/** The meaning of several labels of one object. */
export function meaningOf(labels: readonly string[]): Meaning {
  let strongest = 0;
  for (const label of labels) strongest = Math.max(strongest, STRENGTH.indexOf(senseOf(label).meaning));
  return STRENGTH[strongest] ?? 'piece';
}

const REASONS = table<FinishReason>({
  stop: 'stop, endturn, stopsequence, completed, complete, finish, success, eos, eostoken',
  length:
    'length, maxtokens, maxoutputtokens, maxcompletiontokens, maxprompttokens, maxlength, limit, modelcontextwindowexceeded',
  'content-filter':
    'contentfilter, contentfiltered, guardrailintervened, safety, recitation, blocklist, prohibitedcontent, spii, refusal',
  aborted: 'abort, aborted, cancel, cancelled, canceled, interrupted',
  'tool-calls': 'toolcalls, tooluse, functioncall',
});

/**
 * How a model or framework says that it has ended: `end_turn`, `MAX_TOKENS`, `content_filter`, ...
 * @returns undefined when it is not a word or says that nothing has ended; `error` when the end is a failure
 */
export function finishReasonOf(reason: unknown): FinishReason | 'error' | undefined {
  // Some wrap it: the AI SDK's `{"unified": "stop", "raw": "end_turn"}`.
  const word = isJsonObject(reason) ? (reason['unified'] ?? reason['type'] ?? reason['reason']) : reason;
  // AutoGen's is a sentence.
  if (typeof word !== 'string' || word.includes(' ')) return undefined;
  const plain = plainName(word.slice(0, MAX_LABEL)).replace(/^finishreason/, '');
  if (/^(?:null|none|unspecified|notfinished)?$/.test(plain)) return undefined;
  return REASONS.get(plain) ?? (/error|fail|malformed/.test(plain) ? 'error' : 'other');
}
