/**
 * One thing that an agent's stream says, independent of its framework. The names are those of the Vercel AI SDK's stream parts. Each
 * event of a stream gives at least one of these, so that nothing is lost.
 */
export type AgentEvent =
  | { readonly type: 'text-delta'; readonly text: string }
  | { readonly type: 'reasoning-delta'; readonly text: string }
  /** A tool call has begun: the model has named the tool. `id` where the framework gives one. */
  | { readonly type: 'tool-start'; readonly name: string; readonly id?: string }
  /** Its result is there, or the model has gone on: not just the end of its arguments. */
  | { readonly type: 'tool-end'; readonly name?: string; readonly id?: string }
  /** Tokens of one model call; those of a turn are their sum. */
  | { readonly type: 'usage'; readonly inputTokens?: number; readonly outputTokens?: number }
  | { readonly type: 'error'; readonly message: string; readonly code?: string }
  /** The framework's own end mark (`RUN_FINISHED`, `[DONE]`, `messageStop` of the last message, ...); `reason` where it gives one. */
  | { readonly type: 'finish'; readonly reason?: FinishReason }
  /** The stream itself is broken: `problem` says how, `detail` says it to a person. */
  | { readonly type: 'malformed'; readonly problem: StreamProblem; readonly detail: string }
  /** An SSE comment with words in it. */
  | { readonly type: 'heartbeat' }
  /** Anything else: framing, or a shape that we do not know. */
  | { readonly type: 'data'; readonly event: string; readonly data: string };

/** How an answer ended. `length`: the model reached its limit of tokens. */
export type FinishReason = 'stop' | 'length' | 'content-filter' | 'aborted' | 'tool-calls' | 'other';

/** `unfinished-event`: the stream ended within an event. `no-sse`: lines that are neither a field nor a comment. */
export type StreamProblem = 'unfinished-event' | 'no-sse' | 'event-too-long' | 'encoding';
