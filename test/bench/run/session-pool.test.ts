import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSessionPool, type PooledSession } from '../../../src/bench/run/sessions.ts';

const ALONE = { index: 0, count: 1, firstIndex: 0 };

/** One turn that got through. */
const turn = (session: PooledSession): string => {
  const kind = session.beginTurn();
  session.endTurn(true);
  return kind;
};

test('new: a session for each conversation, done after it', () => {
  const pool = createSessionPool({ type: 'new' }, ALONE);
  const first = pool.take('api', 0);
  expect([turn(first), turn(first)]).toEqual(['new-session', 'warm']);
  expect(pool.giveBack(first, 10, true)).toEqual([first]);
  const second = pool.take('api', 20);
  expect(second.id).not.toBe(first.id);
  expect(turn(second)).toBe('new-session');
  expect(pool.takeAll()).toEqual([]);
});

test('per-vu: used again when it is free, by its own hop only', () => {
  const pool = createSessionPool({ type: 'per-vu' }, ALONE);
  const first = pool.take('api', 0);
  const beside = pool.take('api', 0);
  expect(beside.id).not.toBe(first.id);
  turn(first);
  expect(pool.giveBack(first, 5, true)).toEqual([]);
  expect(pool.take('lambda', 5).id).not.toBe(first.id);
  const again = pool.take('api', 5);
  expect([again.id, turn(again)]).toEqual([first.id, 'warm']);
});

test('resume: rests before it is used again, and is labelled so once', () => {
  const pool = createSessionPool({ type: 'resume', restMs: 100 }, ALONE);
  const first = pool.take('api', 0);
  turn(first);
  pool.giveBack(first, 50, true);
  expect(pool.take('api', 149).id).not.toBe(first.id);
  const resumed = pool.take('api', 150);
  expect([resumed.id, turn(resumed), turn(resumed)]).toEqual([first.id, 'resumed', 'warm']);
});

test('fixed: one for each hop, however many use it at once', () => {
  const pool = createSessionPool({ type: 'fixed' }, ALONE);
  const [a, b] = [pool.take('api', 0), pool.take('api', 0)];
  expect(a).toBe(b);
  expect([a.beginTurn(), b.beginTurn()]).toEqual(['new-session', 'warm']);
  expect(pool.take('lambda', 0).id).not.toBe(a.id);
  pool.giveBack(a, 5, false);
  expect(pool.take('api', 5)).toBe(a);
  expect(pool.takeAll()).toHaveLength(2);
});

test('a session that no turn has reached is still new', () => {
  const pool = createSessionPool({ type: 'resume', restMs: 1_000 }, ALONE);
  const session = pool.take('api', 0);
  session.beginTurn();
  session.endTurn(false);
  pool.giveBack(session, 0, true);
  const again = pool.take('api', 1);
  expect([again.id, again.isOpen, turn(again)]).toEqual([session.id, false, 'new-session']);
});

test('one that is not fit is not used again', () => {
  const pool = createSessionPool({ type: 'per-vu' }, ALONE);
  const session = pool.take('api', 0);
  turn(session);
  expect(pool.giveBack(session, 1, false)).toEqual([session]);
  expect(pool.take('api', 2).id).not.toBe(session.id);
});

test('no session is used twice at once or forgotten, and numbers are unique over workers', () => {
  const policies = fc.constantFrom({ type: 'new' } as const, { type: 'per-vu' } as const, { type: 'resume', restMs: 3 } as const);
  const steps = fc.array(fc.record({ worker: fc.nat(2), gives: fc.boolean(), isFit: fc.boolean() }));
  fc.assert(
    fc.property(policies, steps, (policy, all) => {
      const pools = [0, 1, 2].map((index) => createSessionPool(policy, { index, count: 3, firstIndex: 5 }));
      const taken: PooledSession[][] = [[], [], []];
      const seen = new Map<string, number>();
      const ended: PooledSession[] = [];
      for (const [now, { worker, gives, isFit }] of all.entries()) {
        const [pool, mine] = [pools[worker], taken[worker]];
        if (!pool || !mine) throw new Error('no such worker');
        const back = gives ? mine.shift() : undefined;
        if (back) {
          ended.push(...pool.giveBack(back, now, isFit));
        } else {
          const session = pool.take('api', now);
          expect(taken.flat()).not.toContain(session);
          expect(ended).not.toContain(session);
          expect(session.number).toBeGreaterThanOrEqual(5);
          turn(session);
          mine.push(session);
          seen.set(session.id, session.number);
        }
      }
      const left = pools.flatMap((pool) => pool.takeAll());
      const ids = [...ended, ...left, ...taken.flat()].map(({ id }) => id);
      expect(ids.toSorted()).toEqual([...seen.keys()].toSorted());
      expect(new Set(seen.values()).size).toBe(seen.size);
    }),
  );
});
