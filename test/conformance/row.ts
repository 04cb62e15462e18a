import type { StackName, World } from './world.ts';

/** One assumption about AWS, and how to look at it. */
export interface Row {
  /** Its number in the audit, or `contract` for what our own endpoint promises. */
  readonly id: string;
  readonly question: string;
  /** What the emulator does unless it is told otherwise. */
  readonly assumed: string;
  /** The emulator's option that follows when AWS does something else; absent for a promise of ours. */
  readonly option?: string;
  /** Turns of the agent that it takes, for the budget. */
  readonly turns?: number;
  /** @returns what was seen, in the words of `assumed` @throws {CannotRun} */
  readonly ask: (world: World, deployed: Deployed) => Promise<string>;
}

/** A stack in one state, and the rows that look at it. Setups of one stack follow each other as updates in place. */
export interface Setup {
  readonly stack: StackName;
  /** What the deploy makes of the stack, for people: `API keys to IAM`. */
  readonly title: string;
  /** Why it cannot be made here; undefined when it can. */
  readonly lacks?: (world: World) => string | undefined;
  /** Makes the stack so. @param before the stack as it was @returns the endpoint, and what was seen of the deploy */
  readonly make: (world: World, before: Deployed | undefined) => Promise<{ readonly deployed: Deployed; readonly seen: string }>;
  /** What `make` should see. */
  readonly assumed: string;
  readonly option?: string;
  readonly id: string;
  readonly rows: readonly Row[];
}

/** A stack with its endpoint. */
export interface Deployed {
  /** Full name of the stack. */
  readonly stackName: string;
  /** Base URL of the stage. */
  readonly url: string;
  /** What a request has to carry: the API key, where there is one. */
  readonly headers: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string | undefined>>;
}

/** A row that cannot be asked here, with the reason. */
export class CannotRun extends Error {}

/** What became of a row. */
export type Outcome =
  | { readonly type: 'same' | 'differs'; readonly seen: string }
  | { readonly type: 'not-run' | 'failed'; readonly why: string };
