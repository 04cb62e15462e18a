import type { Around } from './around.ts';
import { isJsonObject } from './json-value.ts';
import { TEXT_WORDS } from './members.ts';
import { isMessage } from './roles.ts';
import { senseOf } from './vocabulary.ts';

/** LangGraph's stream modes: with several on, each value comes as `[mode, value]`, with subgraphs as `[namespace, mode, value]`. */
const MODES: ReadonlySet<unknown> = new Set('messages values updates custom debug tasks checkpoints events'.split(' '));
/** Modes that tell of the graph. */
const QUIET_MODES: ReadonlySet<unknown> = new Set(['debug', 'tasks', 'checkpoints', 'events']);
/** Changes that Gradio's queue sends of a value that it has sent before (`utils.diff`): `["append", [0, 1], " words"]`. */
const EDITS: ReadonlySet<unknown> = new Set(['append', 'add', 'replace', 'delete']);

/**
 * The part of a list that may say something, where each place of the list has a meaning of its own, with what the others say of it.
 * @returns undefined for any other list
 */
export function partOf(list: readonly unknown[]): ({ readonly value: unknown } & Partial<Around>) | undefined {
  const value = list.at(-1);
  const before = list.length === 2 || list.length === 3 ? list.at(-2) : undefined;
  if (QUIET_MODES.has(before)) return { value: undefined };
  if (MODES.has(before)) return { value, ...((before === 'values' || before === 'updates') && { kind: 'whole' }) };
  if (before !== undefined && isNamespace(list[0])) return { value };
  if (EDITS.has(list[0]) && Array.isArray(list[1])) return { value, ...(list[0] === 'append' && { kind: 'delta' }) };
  if (list.length > 0 && list.every(isChatPair)) return { value: list.at(-1)?.[1], member: 'answer' };
  return isTagged(list) ? { value: list[0] } : undefined;
}

/** LangGraph's stream mode `messages`: a message and where in the graph it came from. */
function isTagged([message, origin, ...others]: readonly unknown[]): boolean {
  if (others.length > 0 || !isJsonObject(origin)) return false;
  return 'langgraph_node' in origin || (isMessage(message) && !('type' in origin) && !isMessage(origin));
}

/** Where a subgraph is: `["agent:4f0a", "tools:9b1c"]`; empty for the graph itself. */
function isNamespace(value: unknown): boolean {
  return Array.isArray(value) && value.every((part) => typeof part === 'string' && /^[^\s:]+:\S+$/.test(part));
}

/** A question and its answer, as Gradio's chatbots hold them; null while there is no answer. */
function isChatPair(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.length === 2 && value.every((text) => typeof text === 'string' || text === null);
}

/** `["token", "Two "]`: an event's name and its data. LangGraph's stream modes are another thing. */
export function pairOf(value: unknown): { readonly event: string; readonly data: unknown } | undefined {
  if (!Array.isArray(value) || value.length !== 2) return undefined;
  const [event, data] = value as readonly unknown[];
  const isName = typeof event === 'string' && /^[a-z][a-z_]{1,40}$/i.test(event) && !MODES.has(event);
  return isName && (TEXT_WORDS.has(event) || senseOf(event).meaning !== 'piece') ? { event, data } : undefined;
}

/** Whether a list holds events: all of a run at once. A conversation is another thing, and so is a list of texts. */
export function isEventList(value: unknown): value is readonly unknown[] {
  if (!Array.isArray(value) || value.length === 0) return false;
  const list: readonly unknown[] = value;
  const isEvent = (item: unknown): boolean =>
    isJsonObject(item) || pairOf(item) !== undefined || (Array.isArray(item) && item.length === 2 && MODES.has(item[0]));
  if (isTagged(list) || !list.every(isEvent)) return false;
  return !isMessage(list[0]) || !(list.every(isMessage) || list.some((item) => isJsonObject(item) && 'role' in item));
}

/** Messages with times, the latest first as OpenAI lists those of a thread, in the order in which they were said. */
export function oldestFirst(list: readonly unknown[]): readonly unknown[] {
  const timeOf = (item: unknown): unknown => (isJsonObject(item) ? (item['created_at'] ?? item['createdAt']) : undefined);
  const [first, last] = [timeOf(list[0]), timeOf(list.at(-1))];
  const isTime =
    (typeof first === 'number' && typeof last === 'number') || (typeof first === 'string' && typeof last === 'string');
  return isTime && first > last ? list.toReversed() : list;
}
