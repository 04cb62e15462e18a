import type { Agent, AgentInvocation, AgentReply } from '../../src/emulator/index.ts';

/** One thing that an agent does within an answer. */
export type Act =
  | { readonly write: string | Uint8Array }
  /** Goes on when the promise has settled; a function is called when its turn has come. */
  | { readonly wait: Promise<unknown> | (() => Promise<unknown>) }
  /** Breaks off, as a container that dies does. */
  | { readonly die: true };

export interface Script {
  readonly status?: number;
  readonly contentType?: string;
  /** Answers only when this has settled; a rejection is the agent's own. */
  readonly answerAfter?: Promise<unknown> | (() => Promise<unknown>);
  readonly acts: readonly Act[];
}

/** An agent that acts out what the test has put down for the prompt, and remembers what it was asked. */
export interface ActingAgent extends Agent {
  readonly invocations: AgentInvocation[];
  /** Prompts whose stream was stopped by the caller or by StopRuntimeSession. */
  readonly stopped: string[];
  on(prompt: string, script: Script): void;
}

/** @param runtime how its runtime is set */
export function createActingAgent(runtime: Agent['runtime'] = {}): ActingAgent {
  const scripts = new Map<string, Script>();
  const invocations: AgentInvocation[] = [];
  const stopped: string[] = [];
  return {
    runtime,
    invocations,
    stopped,
    on: (prompt, script) => void scripts.set(prompt, script),
    async invoke(invocation): Promise<AgentReply> {
      invocations.push(invocation);
      const { prompt } = JSON.parse(invocation.payload.toString('utf8')) as { prompt: string };
      const script = scripts.get(prompt) ?? { acts: [{ write: 'data: "ok"\n\n' }] };
      const aborted = new Promise<never>((_resolve, reject) => {
        invocation.signal.addEventListener('abort', () => {
          stopped.push(prompt);
          reject(new Error('stopped'));
        });
      });
      aborted.catch(() => undefined);
      const { answerAfter } = script;
      await Promise.race([typeof answerAfter === 'function' ? answerAfter() : answerAfter, aborted]);
      return {
        status: script.status ?? 200,
        contentType: script.contentType ?? 'text/event-stream',
        body: play(script.acts, aborted),
      };
    },
  };
}

async function* play(acts: readonly Act[], aborted: Promise<never>): AsyncGenerator<Uint8Array> {
  for (const act of acts) {
    if ('write' in act) yield typeof act.write === 'string' ? Buffer.from(act.write) : act.write;
    else if ('wait' in act) {
      await Promise.race([typeof act.wait === 'function' ? act.wait() : act.wait, aborted]);
    } else throw new Error('the container died');
  }
}

/** A promise that the test settles. */
export function createGate(): { readonly promise: Promise<void>; readonly open: () => void } {
  let open = (): void => undefined;
  const promise = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { promise, open };
}
