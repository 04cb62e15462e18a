import { type Around, below, refined, within } from './around.ts';
import { callsIn, FACTS, finishIn, finishOf, hasReason, resultsIn, stopsForTool, tellsResult, usageIn } from './facts.ts';
import { readFailure } from './failure.ts';
import { isJsonObject, type JsonObject, parseJson } from './json-value.ts';
import { oldestFirst, partOf } from './lists.ts';
import type { Message } from './said.ts';
import { createFirstSource, merged, reasoningIn, type Reading, type ToolCalls } from './shape.ts';
import { isMessage, isOfMember, isQuestion, isToolUse, speakerOf } from './roles.ts';
import {
  ALTERNATIVES,
  BYTES,
  DELTAS,
  labelsOf,
  type Members,
  membersOf,
  plainName,
  REASONING,
  REMARKS,
  TEXT_WORDS,
  isTextMember,
  textMembersOf,
  withType,
  hasAny,
  TRANSPORTS,
} from './members.ts';
import { Base64Decoder } from './utf8.ts';
import { meaningOf, senseOf, wordsOf } from './vocabulary.ts';

const MAX_DEPTH = 12;
const MAX_ITEMS = 10_000;
const MAX_OTHERS = 20;
const MAX_NODES = 200;
const MAX_REASONING = 100_000;
/** Members that hold calls. `start` of Converse and of Strands for TypeScript does when a tool's use begins. */
const CALLS = new Set(['toolcalls', 'toolcallchunks', 'currenttooluse', 'functioncall', 'functionresponse', 'start']);

const MESSAGE_STARTS = /message_?start/i;

const UNDER_WAY =
  /^(?:processing|running|pending|thinking|working|searching|loading|queued|start(?:ed|ing)?|in[_ -]?progress|submitted)$/i;

/**
 * Reads objects of any framework by what the field has agreed on without a standard: labels that name an event ("content_block_delta",
 * "RunContent"), members that hold its text ("delta", "content", "answer"), roles, reasons of an end, tokens.
 */
export class ByConvention {
  readonly #tools: ToolCalls;
  readonly #countsUsage = createFirstSource();
  #out: Reading[] = [];
  readonly #bytes = new Base64Decoder();
  /** All that was thought so far: some frameworks send it once more as a whole. */
  #reasoning = '';
  #known = false;

  constructor(tools: ToolCalls) {
    this.#tools = tools;
  }

  /** @param event the event's name @returns undefined when nothing in the value is known */
  read(event: string, value: object): readonly Reading[] | undefined {
    this.#out = [];
    this.#known = false;
    const names = event === 'message' || event === 'model' ? [] : [event];
    const meaning = meaningOf(names);
    const top = { kind: 'piece', isReasoning: false, source: names.join(), member: '', depth: 0 } as const;
    const around = within(top, meaning, names);
    if (!around) this.#known = true;
    // The prompt and what a tool returned may hold anything.
    else this.#walk(value, around);
    const finish = finishOf(names);
    // A name alone (`event: done`) ends what the connection ends anyway.
    if (finish?.reason) this.#out.push(finish);
    const readings = merged(this.#out);
    return readings.length === 0 && !this.#known ? undefined : readings;
  }

  /** @returns whether text was found */
  #walk(value: unknown, around: Around): boolean {
    if (typeof value === 'string') return this.#say(value, around);
    if (around.depth > MAX_DEPTH) return false;
    if (Array.isArray(value)) return this.#walkList(value as unknown[], around);
    return isJsonObject(value) && this.#walkObject(value, around);
  }

  #walkObject(value: JsonObject, outer: Around): boolean {
    const object = withType(value);
    const members = membersOf(object);
    const labels = labelsOf(members);
    // A subagent speaks, which a tool of the agent has called (Claude Agent SDK).
    if (typeof members.get('parenttooluseid') === 'string') return this.#tellOnly([]);
    this.#readFacts(members, labels, outer);
    const meaning = meaningOf(labels);
    const failure = meaning === 'failure' && outer.depth > 0 ? readFailure('message', object) : undefined;
    if (failure) return this.#tellOnly([failure]);
    const speaker = speakerOf(members);
    if (meaning === 'tool' || speaker === 'tool' || isToolUse(members)) {
      const isResult = members.has('toolcallid') && members.has('content');
      const isEnd = isResult || tellsResult(labels) || speaker === 'tool' || members.has('tooloutput');
      return this.#tellOnly(callsIn(members, isEnd, this.#tools));
    }
    const around = speaker === 'prompt' ? undefined : within(refined(outer, members), meaning, labels);
    if (!around) return this.#tellOnly(resultsIn(members, this.#tools));
    const found =
      this.#walkMembers(members, around) || this.#walkNodes(object, labels, around) || this.#walkOthers(object, around);
    this.#readCalls(members);
    return found;
  }

  /** An object is known, and holds no text of the answer. */
  #tellOnly(readings: readonly Reading[]): false {
    this.#out.push(...readings);
    this.#known = true;
    return false;
  }

  #walkMembers(members: Members, around: Around): boolean {
    const status = members.get('status');
    if (isJsonObject(status) && 'state' in status) return this.#walkTask(members, status, around);
    const isUnderWay = typeof status === 'string' && UNDER_WAY.test(status);
    // A token that Text Generation Inference marks as special, a part of A2A with data.
    if (members.get('special') === true || members.get('kind') === 'data') return true;
    for (const name of textMembersOf(members)) {
      const value = members.get(name);
      if (value === '' && DELTAS.has(name)) break;
      if (isUnderWay && (name === 'message' || name === 'data')) continue;
      // As an object it is A2A's.
      if (name === 'task' && typeof value === 'string') continue;
      const isProxied = name === 'body' && members.has('statuscode');
      const inner = ALTERNATIVES.has(name) && Array.isArray(value) ? (value[0] as unknown) : isProxied ? unquoted(value) : value;
      const kind = DELTAS.has(name) && around.kind === 'piece' && name !== 'token' ? 'delta' : around.kind;
      const isLabel =
        (name === 'msg' && members.has('eventid')) ||
        (name === 'event' &&
          typeof inner === 'string' &&
          (members.size > 1 || (!inner.includes(' ') && senseOf(inner).meaning !== 'piece')));
      if (isLabel) continue;
      if (this.#walk(inner, below(around, { kind, member: name, source: `${around.source}.${name}` }))) {
        this.#readReasoning(members, around);
        return true;
      }
    }
    this.#readReasoning(members, around);
    return false;
  }

  /** Members with names that an agent has made up. */
  #walkOthers(object: JsonObject, around: Around): boolean {
    for (const name of Object.keys(object).slice(0, MAX_OTHERS)) {
      const text = object[name];
      if (
        typeof text !== 'string' ||
        !TEXT_WORDS.has(wordsOf(name).at(-1) ?? '') ||
        !['piece', 'whole'].includes(senseOf(name).meaning)
      )
        continue;
      if (isTextMember(name)) continue;
      if (this.#say(text, { ...around, member: name, source: `${around.source}.${name}` })) return true;
    }
    return false;
  }

  /** A2A (a2a-protocol.org, "Task"): artifacts are the answer, messages beside the state tell of its progress until it has ended. */
  #walkTask(members: Members, status: JsonObject, around: Around): boolean {
    const state = typeof status['state'] === 'string' ? status['state'].toLowerCase() : '';
    this.#known = true;
    const artifacts = this.#walk(members.get('artifacts'), below(around, { kind: 'whole' }));
    const isOver = /complet|input|auth/.test(state);
    if (!artifacts) this.#walk(status['message'], below(around, { kind: isOver ? 'whole' : 'fallback' }));
    if (state.endsWith('completed')) this.#out.push({ type: 'finish' });
    if (/cancell?ed$/.test(state)) this.#out.push({ type: 'finish', reason: 'aborted' });
    return true;
  }

  /** LangGraph's `updates` have the names of the nodes for members: `{"agent": {"messages": [...]}}`. */
  #walkNodes(object: JsonObject, labels: readonly string[], around: Around): boolean {
    if (labels.length > 0 || around.depth > 2) return false;
    let found = false;
    for (const name of Object.keys(object).slice(0, MAX_NODES)) {
      const node = object[name];
      if (!isJsonObject(node) || isTextMember(name)) continue;
      const isQuiet = REASONING.has(plainName(name)) || (senseOf(name).meaning !== 'piece' && !('messages' in node));
      if (isQuiet) continue;
      found = this.#walkObject(node, below(around, { kind: 'whole', source: `${around.source}.node` })) || found;
    }
    return found;
  }

  #walkList(list: readonly unknown[], around: Around): boolean {
    const part = partOf(list);
    if (part) {
      this.#known = true;
      return this.#walk(part.value, below(around, part));
    }
    const items = list.length > MAX_ITEMS ? list.slice(-MAX_ITEMS) : list;
    if (items.some(isMessage)) return this.#walkMessages(items, around);
    let found = false;
    for (const item of items) found = this.#walk(item, below(around)) || found;
    return found;
  }

  /** Messages of a conversation: those behind the last question are the answer. */
  #walkMessages(list: readonly unknown[], around: Around): boolean {
    const ordered = oldestFirst(list);
    const answer = ordered.slice(ordered.findLastIndex(isQuestion) + 1);
    const outer = this.#out;
    const messages: Message[] = [];
    for (const message of answer) {
      this.#out = [];
      this.#walk(message, below(around, { kind: 'whole', source: '' }));
      const blocks = this.#out.filter((reading) => reading.type === 'whole');
      if (blocks.length > 0) messages.push({ text: blocks.map(({ text }) => text).join(''), id: blocks[0]?.id });
      outer.push(...this.#out.filter(({ type }) => type === 'tool-start' || type === 'tool-end' || type === 'error'));
    }
    this.#out = outer;
    this.#known = true;
    if (messages.length === 0) return false;
    const text = messages.map((message) => message.text).join('\n');
    outer.push(around.kind === 'fallback' ? { type: 'fallback', text } : { type: 'transcript', messages });
    return true;
  }

  #say(text: string, around: Around): boolean {
    if (text === '') return false;
    const { kind, member, source } = around;
    if (around.isReasoning) {
      const isPiece = kind === 'piece' || kind === 'delta';
      if (isPiece ? text === this.#reasoning && text.length > 1 : this.#reasoning !== '') return true;
      this.#out.push({ type: 'reasoning-delta', text });
      if (this.#reasoning.length < MAX_REASONING) this.#reasoning += text;
    } else if (member === 'bytes') {
      const decoded = this.#bytes.decode(text);
      if (decoded !== '') this.#out.push({ type: 'plain', text: decoded, source: BYTES, mayWrap: true });
    } else if (kind === 'delta') {
      this.#out.push(...this.#tools.endAll(), { type: 'text-delta', text });
    } else if (kind === 'piece') {
      this.#out.push(...this.#tools.endAll(), { type: 'plain', text, source, mayWrap: TRANSPORTS.has(member) });
    } else if (kind === 'done') {
      this.#out.push({ type: REMARKS.has(member) ? 'fallback' : 'whole', text });
    } else {
      this.#out.push(kind === 'whole' && around.id !== undefined ? { type: kind, text, id: around.id } : { type: kind, text });
    }
    return true;
  }

  #readFacts(members: Members, labels: readonly string[], { depth, source }: Around): void {
    if ((labels.length === 0 && !hasAny(members, FACTS)) || isOfMember(members)) return;
    const hasFacts = hasAny(members, FACTS);
    const stated = hasFacts ? finishIn(members) : undefined;
    const labelled = depth <= 1 && !(hasFacts && stopsForTool(members)) ? finishOf(labels) : undefined;
    const end = stated ?? labelled;
    if (end || labels.some((label) => MESSAGE_STARTS.test(label))) this.#out.push(...this.#tools.endAll());
    if (end) this.#end(end);
    const isPartial =
      members.get('partial') === true || (members.has('usagemetadata') && members.has('candidates') && !hasReason(members));
    const usage = isPartial || !hasFacts ? [] : usageIn(members);
    if (usage.length > 0 && this.#countsUsage(`${source}${labels.join()}`)) this.#out.push(...usage);
  }

  /** An object and what is in it may tell the same end: the one with a reason counts. */
  #end(end: Reading): void {
    const at = this.#out.findIndex(({ type }) => type === end.type);
    if (at === -1) this.#out.push(end);
    else if (end.type === 'finish' && end.reason) this.#out[at] = end;
  }

  #readReasoning(members: Members, around: Around): void {
    if (!hasAny(members, REASONING)) return;
    for (const name of REASONING) {
      const text = reasoningIn(members.get(name));
      if (text !== '') return void this.#say(text, { ...around, isReasoning: true });
    }
  }

  /** Calls beside a message's text: `tool_calls`, and the function calls of Gemini. */
  #readCalls(members: Members): void {
    if (!hasAny(members, CALLS)) return;
    for (const name of CALLS) {
      const calls = members.get(name);
      for (const call of Array.isArray(calls) ? (calls as unknown[]) : [calls]) {
        if (!isJsonObject(call) || (name === 'start' && call['type'] !== 'toolUseStart' && !('toolUse' in call))) continue;
        this.#out.push(...callsIn(membersOf(call), name === 'functionresponse', this.#tools));
      }
    }
  }
}

/** The body of a proxy's answer is JSON once more; a text in it may stand in quotes. */
function unquoted(body: unknown): unknown {
  return typeof body === 'string' && body.startsWith('"') ? (parseJson(body) ?? body) : body;
}
