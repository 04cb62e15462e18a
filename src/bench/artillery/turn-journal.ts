import { tmpdir } from 'node:os';
import { putObject } from './put-object.ts';
import { openSigning } from '../../endpoint/authorize.ts';
import type { ThreadProgress } from './thread-run.ts';
import { openTurnFile } from './turn-file.ts';
import type { TurnPlace } from './turn-place.ts';
import type { RunFactsSoFar } from '../figures/report-schema.ts';
import { formatReportLine } from '../figures/report.ts';
import type { TurnRecord } from '../run/turn-record.ts';

/** What a thread has measured, in the format of `bench --ndjson`: `bench merge` puts all threads of all machines together. */
export interface TurnJournal {
  turn(record: TurnRecord): void;
  /** @throws {Error} when it could not be brought to where it belongs */
  end(sessions: RunFactsSoFar['sessions']): Promise<void>;
}

/** How old the facts behind the last turn may be, ms. */
const FACTS_AGE_MS = 1_000;

/**
 * @param run what is known at the start
 * @param progress what is known at the moment
 */
export function openTurnJournal(
  place: TurnPlace,
  run: RunFactsSoFar,
  progress: () => ThreadProgress,
): TurnJournal {
  const file = openTurnFile(place.type === 'folder' ? place.path : tmpdir());
  let facts = { at: -Infinity, text: '' };
  const readFacts = (sessions?: RunFactsSoFar['sessions']): string => {
    const { client, ...times } = progress();
    const text =
      formatReportLine({ type: 'run', run: { ...run, ...times, ...(sessions && { sessions }) } }) +
      formatReportLine({ type: 'client', client });
    facts = { at: performance.now(), text };
    return text;
  };
  return {
    turn(turn) {
      const isOld = performance.now() - facts.at > FACTS_AGE_MS;
      file.write(formatReportLine({ type: 'turn', turn }), isOld ? readFacts() : facts.text);
    },
    async end(sessions) {
      file.write('', readFacts(sessions));
      if (place.type === 'folder') return;
      const { bucket, prefix, endpointUrl } = place;
      const key = [prefix, file.name].filter(Boolean).join('/');
      await putObject({ bucket, key }, file.read(), { ...(await openSigning()), endpointUrl });
    },
  };
}
