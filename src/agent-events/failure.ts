import type { AgentEvent } from './agent-event.ts';
import { isJsonObject, jsonText, type JsonObject, parseStreamValue } from './json-value.ts';
import { hasAny, labelsOf, type Members, membersOf, withType } from './members.ts';
import { isOfMember, isStep } from './roles.ts';
import { finishReasonOf, senseOf } from './vocabulary.ts';

/** Members that say a failure by being there, unless they are empty, false or zero. */
const ERRORS =
  'error errors err errormessage errortext errormsg errmsg exception errortype errorcode errordetails errorreason failure fault stacktrace traceback forcestop'.split(
    ' ',
  );
const SIGNS: ReadonlySet<string> = new Set([
  ...ERRORS,
  ...'iserror haserror success ok status state outcome result statuscode code detail'.split(' '),
]);
/** Where the words for a person stand, the plainest first. */
const MESSAGES = (
  'forcestopreason message errormessage errortext errormsg errmsg err exceptionmessage msg fault errordetails errorreason error errors exception failure lasterror detail details ' +
  'reason description title content text delta result parts data payload response status statusupdate task run value output cause body event'
).split(' ');
const CODES = ['code', 'errorcode', 'errortype', 'type', 'status', 'statuscode', 'name', 'class'];
/** An event's own event: the framework's envelope around it. */
const ENVELOPES = new Set(['data', 'payload', 'result', 'response', 'event', 'status', 'body', 'value', 'task', 'statusupdate']);
const FAILED =
  /(?:^|[_.\s-])(?:err|error|errored|fail|failed|failure|fault|fatal|exception|rejected|crashed|timeout|timed[_ ]?out)$/i;
const FAILURE_WORD = /^(?:err|error|errored|fail|failed|failure|fault|fatal|exception|rejected)$/i;
/** An `error` that says there is none. */
const NO_ERROR = /^(?:none|null|false|ok|success|undefined|0)?$/i;
const MAX_DEPTH = 4;
/** An A2A message's text lies six levels down. */
const MAX_MESSAGE_DEPTH = 8;
const MAX_MESSAGE = 2_000;

/**
 * A failure told inside a stream whose status is 200, in whatever words: a label (`event: error`, `{"type": "response.failed"}`,
 * `RunError`), a member (`error`, `errorMessage`, `is_error`), a status (`{"status": "error"}`, 500), or `{"detail"}` alone (FastAPI).
 * A failed tool is none: the agent goes on. Words about errors in an answer's text are none either.
 * @param event the event's name
 * @param value its data as a JSON value; data that is no JSON stands for itself
 */
export function readFailure(event: string, value: unknown): (AgentEvent & { readonly type: 'error' }) | undefined {
  if (event !== 'message' && senseOf(event).meaning === 'failure') return describe(value, event);
  return isJsonObject(value) && isFailure(value, 0) ? describe(withType(value), '') : undefined;
}

function isFailure(value: JsonObject, depth: number): boolean {
  const members = membersOf(withType(value));
  const labels = labelsOf(members);
  if (labels.some((label) => senseOf(label).goesOn) || isOthers(members)) return false;
  if (labels.some((label) => senseOf(label).meaning === 'failure') && !isTopic(members)) return true;
  if (hasAny(members, SIGNS) && hasSign(members)) return true;
  if (depth >= MAX_DEPTH || !hasAny(members, ENVELOPES)) return false;
  return [...ENVELOPES].some((name) => {
    const inner = members.get(name);
    return isJsonObject(inner) && isFailure(inner, depth + 1);
  });
}

function hasSign(members: Members): boolean {
  if (ERRORS.some((name) => saysError(name, members.get(name)))) return true;
  if (members.get('iserror') === true || members.get('haserror') === true) return true;
  if (['success', 'ok'].some((name) => members.get(name) === false || wordIn(members, name) === 'false')) return true;
  if (FAILURE_WORD.test(wordIn(members, 'result'))) return true;
  if (['status', 'state', 'outcome'].some((name) => FAILED.test(wordIn(members, name)))) return true;
  return hasErrorStatus(members) || (members.size === 1 && isFilled(members.get('detail')));
}

/** Gemini's and ADK's error code may be just the reason of the end. */
function saysError(name: string, value: unknown): boolean {
  if (!isFilled(value) || value === 0) return false;
  const reason = finishReasonOf(value);
  return name !== 'errorcode' || reason === undefined || reason === 'error' || reason === 'other';
}

function isFilled(value: unknown): boolean {
  if (value === undefined || value === null || value === false) return false;
  if (typeof value === 'string') return !NO_ERROR.test(value.trim());
  return typeof value !== 'object' || Object.keys(value).length > 0;
}

/** A tool, the user, or an agent that this one has asked. */
function isOthers(members: Members): boolean {
  if (isStep(members) || isOfMember(members)) return true;
  return ['tool', 'user', 'human', 'function'].includes(wordIn(members, 'role'));
}

/** `type` names what the text is about, when something else names the event. */
function isTopic(members: Members): boolean {
  const event = wordIn(members, 'event');
  return event !== '' && typeof members.get('text') === 'string' && !FAILED.test(event);
}

function wordIn(members: Members, name: string): string {
  const word = members.get(name);
  return typeof word === 'string' ? word : '';
}

/** `{"statusCode": 500, "body"}` and `{"status": 503, "title"}`: an HTTP status beside what it means. */
function hasErrorStatus(members: Members): boolean {
  const isStatus = (name: string): boolean => {
    const value = members.get(name);
    const status = typeof value === 'object' ? Number.NaN : Number(value);
    return Number.isInteger(status) && status >= 400 && status <= 599;
  };
  // gRPC's codes go to 16 (grpc-gateway, `google.rpc.Status`).
  const isRpc = Number(members.get('code')) > 0 && Array.isArray(members.get('details'));
  if (!isRpc && !['statuscode', 'status', 'code'].some(isStatus)) return false;
  return ['message', 'msg', 'body', 'detail', 'title', 'reason'].some((name) => isFilled(members.get(name)));
}

function describe(value: unknown, event: string): AgentEvent & { readonly type: 'error' } {
  const message = messageOf(value, 0) ?? (isFilled(value) ? jsonText(value) : undefined);
  const code = isJsonObject(value) ? codeOf(value, 0) : undefined;
  const said = message ?? (event === '' || event === 'error' ? 'the agent reported an error' : event);
  return { type: 'error', message: said.slice(0, MAX_MESSAGE), ...(code !== undefined && { code }) };
}

function messageOf(value: unknown, depth: number): string | undefined {
  if (typeof value === 'string') return messageInText(value, depth);
  if (depth > MAX_MESSAGE_DEPTH || typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value)) return messageOf(value[0], depth + 1);
  const members = membersOf(value as JsonObject);
  // `{"error": "no", "error_type": "ValueError", "message": ...}`: the Python SDK's own `message` is the same for all.
  const error = members.get('error');
  if (typeof error === 'string' && error !== '' && !isClassOfError(error, members)) return error;
  const names = isJsonObject(error) || Array.isArray(error) ? ['error', ...MESSAGES] : MESSAGES;
  for (const name of names) {
    const inner = members.get(name);
    if (name === 'status' && !isJsonObject(inner)) continue;
    // Gradio's name of the event.
    if (name === 'msg' && members.has('eventid')) continue;
    const message = messageOf(inner, depth + 1);
    if (message !== undefined) return message;
  }
  return undefined;
}

/** The body of an answer may be JSON once more. */
function messageInText(text: string, depth: number): string | undefined {
  const parsed = text.startsWith('{') && depth < MAX_DEPTH ? parseStreamValue(text) : undefined;
  const inner = parsed?.type === 'json' ? messageOf(parsed.value, depth + 1) : undefined;
  return inner ?? (text.trim() === '' ? undefined : text);
}

/** `{"error": "ValueError", "message": "..."}` of LangGraph's server: the message is for a person, the error a code. */
function isClassOfError(error: string, members: Members): boolean {
  return /^(?:[A-Z]\w*(?:Error|Exception)|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)$/.test(error) && wordIn(members, 'message') !== '';
}

function codeOf(value: JsonObject, depth: number): string | undefined {
  const members = membersOf(value);
  for (const name of ['error', 'response', 'data', 'payload', 'errors']) {
    const inner = members.get(name);
    const object: unknown = Array.isArray(inner) ? inner[0] : inner;
    const code = isJsonObject(object) && depth < MAX_DEPTH ? codeOf(object, depth + 1) : undefined;
    if (code !== undefined) return code;
  }
  if (isClassOfError(wordIn(members, 'error'), members)) return wordIn(members, 'error');
  let number: string | undefined;
  for (const name of CODES) {
    const code = members.get(name);
    if (typeof code === 'number' && code !== 0) number ??= String(code);
    if (typeof code !== 'string' || code === '') continue;
    // The word for "error" itself tells nothing.
    const isLabel = name === 'type' && depth === 0 && senseOf(code).meaning === 'failure' && !/\wException$/.test(code);
    if (!isLabel && !FAILURE_WORD.test(code)) return code;
  }
  return number;
}
