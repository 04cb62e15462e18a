import { isJsonObject, type JsonObject } from './json-value.ts';

/** Labels and names come from outside: what is remembered of them is bounded. */
export const MAX_REMEMBERED = 1_000;
export const MAX_LABEL = 100;

const names = new Map<string, string>();

/** A member's name in lower case, without `_`, `-`, `$` and the like: `outputText`, `output_text` and `OutputText` are one. */
export function plainName(name: string): string {
  const known = names.get(name);
  if (known !== undefined) return known;
  const plain = name.replace(/[^a-zA-Z0-9]/g, '').toLowerCase();
  if (names.size < MAX_REMEMBERED && name.length <= MAX_LABEL) names.set(name, plain);
  return plain;
}

/** Most members of one object that are looked at: those with a meaning come early, and objects from outside may be huge. */
const MAX_MEMBERS = 200;

/** An object's members under their plain names. */
export type Members = ReadonlyMap<string, unknown>;

/** An object's members under their plain names; of two with one name the first counts. */
export function membersOf(object: JsonObject): Members {
  const members = new Map<string, unknown>();
  let count = 0;
  for (const name in object) {
    if ((count += 1) > MAX_MEMBERS) break;
    const plain = plainName(name);
    if (!members.has(plain)) members.set(plain, object[name]);
  }
  return members;
}

/** Events of Bedrock's ConverseStream (API reference, ConverseStreamOutput): each an object with one member, which names it. */
const ONLY_MEMBER = /^(?:contentBlock(?:Start|Delta|Stop)|message(?:Start|Stop)|metadata|\w+Exception)$/;

/**
 * An object whose only member names an event, as that event with a `type`; an object that LangChain for JavaScript has serialized, as its
 * members with the class, which is the last part of its `id`; any other object as it is.
 */
export function withType(object: JsonObject): JsonObject {
  const { lc, id, kwargs } = object;
  if (lc === 1 && isJsonObject(kwargs)) return { type: Array.isArray(id) ? (id as unknown[]).at(-1) : undefined, ...kwargs };
  const [name = '', ...others] = Object.keys(object);
  const inner = object[name];
  return others.length === 0 && ONLY_MEMBER.test(name) && isJsonObject(inner) ? { type: name, ...inner } : object;
}

const LABELS: ReadonlySet<string> = new Set(
  (
    'type event kind eventkind eventtype object partkind partdeltakind chunktype blocktype qualifiedname class method subtype ' +
    'messagetype msg status step stage phase'
  ).split(' '),
);
/** These are labels only where they set an object apart from the answer. `messagetype` is Letta's. */
const PHASES: ReadonlySet<string> = new Set(['status', 'step', 'stage', 'phase', 'messagetype']);
const QUIET_PHASE = /^(?:thinking|reasoning|planning|tool\w*|observation|(?:user|system|reasoning|error)_message)$/i;

/** The labels of an object. */
export function labelsOf(members: Members): readonly string[] {
  const labels: string[] = [];
  if (!hasAny(members, LABELS)) return labels;
  for (const name of LABELS) {
    const label = members.get(name);
    if (typeof label !== 'string' || label === '' || label.length > MAX_LABEL) continue;
    // Gradio's queue names its events so.
    if (name === 'msg' && !members.has('eventid')) continue;
    if (!PHASES.has(name) || QUIET_PHASE.test(label)) labels.push(lastPart(label));
  }
  return labels;
}

/** The last part of a qualified class name: `llama_index.core.agent.workflow.workflow_events.AgentStream`. */
function lastPart(label: string): string {
  const last = label.slice(label.lastIndexOf('.') + 1);
  return /^[A-Z]/.test(last) ? last : label;
}

/**
 * Members in which text stands by convention, under their plain names: the first that leads to text counts. Names of pieces come before
 * those of wholes, since many events carry both ("delta" and the "response" so far).
 */
const TEXT_MEMBERS = (
  'delta contentdelta textdelta token chunk bytes text content refusal parts contents blocks value contentblock part ' +
  'message lastmessage messages answer reply generatedtext completion generation outputtext finaloutput finalanswer ' +
  'finalresponse response output result raw choices candidates artifact artifacts artifactupdate statusupdate task item ' +
  'items rawitem data payload event body outputs results update kwargs document flowoutputevent msg textresponse ' +
  'botresponse botmessage assistantmessage transcript replies prediction predictions json'
).split(' ');
/** An empty one of these says: no new text. What stands beside it is the text so far. */
export const DELTAS = new Set(['delta', 'contentdelta', 'textdelta', 'token']);
/** Lists of alternatives: the first counts. */
export const ALTERNATIVES = new Set(['choices', 'candidates']);
/** Members that may hold an event once more, as text. */
export const TRANSPORTS = new Set('data body payload event chunk message response result output bytes value'.split(' '));
/** Beside a label of an end, these hold a remark ("stream complete"). */
export const REMARKS = new Set(['message', 'data', 'msg', 'value']);
export const REASONING = new Set(['reasoningcontent', 'reasoningtext', 'reasoning', 'thinking', 'thought']);
/** The last word of a name that nobody has agreed on, where text may stand as well: `answer_chunk`, `llmOutput`, `response_text`. */
export const TEXT_WORDS = new Set(
  (
    'text token tokens chunk chunks content message answer response reply output completion delta piece fragment word words partial final ' +
    'assistant ai bot speech line segment stream string append choice'
  ).split(' '),
);

const RANKS: ReadonlyMap<string, number> = new Map(TEXT_MEMBERS.map((name, rank) => [name, rank]));

/** With one of these, `message` is a remark of an API (`{"code": 0, "message": "success", "data": {...}}`) and comes last. */
const STATUSES: ReadonlySet<string> = new Set(['status', 'success', 'code', 'statuscode', 'ok']);
/** With one of these it is the question. */
const ANSWERS: ReadonlySet<string> = new Set(['answer', 'reply', 'response', 'botmessage', 'botresponse', 'assistantmessage']);

/** Whether text stands in a member of this name by convention. */
export function isTextMember(name: string): boolean {
  return RANKS.has(plainName(name));
}

/** The members of an object in which text may stand, the likeliest first. */
export function textMembersOf(members: Members): readonly string[] {
  const found = [...members.keys()].filter((name) => RANKS.has(name));
  if (found.length < 2) return found;
  const isRemark = hasAny(members, STATUSES) || (typeof members.get('message') === 'string' && hasAny(members, ANSWERS));
  const rankOf = (name: string): number =>
    isRemark && (name === 'message' || name === 'msg') ? RANKS.size : (RANKS.get(name) ?? 0);
  return found.sort((a, b) => rankOf(a) - rankOf(b));
}

/** Whether an object has any of these members. Most have none, which saves looking for each. */
export function hasAny(members: Members, names: ReadonlySet<string>): boolean {
  for (const name of members.keys()) {
    if (names.has(name)) return true;
  }
  return false;
}

/** The origin of texts that always come in pieces. */
export const BYTES = 'bytes';
