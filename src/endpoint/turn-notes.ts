import type { AgentEvent, FinishReason } from '../agent-events/agent-event.ts';
import type { StreamMetrics } from '../stream/metrics-schema.ts';
import { plural } from '../ui/format.ts';

/** Collects what a person should know of an answer beside its text. */
export interface TurnNotes {
  take(event: AgentEvent): void;
  /** How the answer ended, by the agent's own mark. */
  readonly finishReason: FinishReason | undefined;
  /** A sentence each. */
  list(metrics: StreamMetrics): readonly string[];
}

/** Most faults of one stream that are told one by one. */
const MOST_FAULTS = 3;

const CUT_OFF: Partial<Record<FinishReason, string>> = {
  length: 'the answer is cut off: the model reached its limit of tokens (max_tokens)',
  'content-filter': 'the answer is cut off: a content filter stopped it',
  aborted: 'the answer is cut off: the agent was aborted',
};

export function createTurnNotes(): TurnNotes {
  const faults: string[] = [];
  let moreFaults = 0;
  let finishReason: FinishReason | undefined;
  let isUnfinished = false;
  return {
    take(event) {
      if (event.type === 'finish') finishReason = event.reason ?? finishReason;
      if (event.type !== 'malformed') return;
      isUnfinished ||= event.problem === 'unfinished-event';
      if (faults.length < MOST_FAULTS) faults.push(event.detail);
      else moreFaults += 1;
    },
    get finishReason() {
      return finishReason;
    },
    list({ outcome, events, textEvents }) {
      const endedWell = outcome === 'ok' || outcome === 'no-terminal';
      const cutOff = finishReason && CUT_OFF[finishReason];
      return [
        // A stream that was cut ends anywhere: the failure says so.
        ...(isUnfinished && !endedWell && outcome !== 'error-event' ? [] : faults),
        ...(moreFaults > 0 ? [`and ${moreFaults} more faults of the stream`] : []),
        ...(cutOff ? [cutOff] : []),
        ...(endedWell && textEvents === 0 && events > 0
          ? [`${plural(events, 'event')}, none with text that is known; --raw shows them`]
          : []),
      ];
    },
  };
}
