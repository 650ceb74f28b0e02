import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { expendable, goodRevisions } from '../../src/task-definition/retention.ts';

const arn = (number: number) =>
  `arn:aws:ecs:eu-west-1:000011112222:task-definition/acme-prod-orders:${number}`;
const arns = (...numbers: readonly number[]) => numbers.map(arn);

describe('retention', () => {
  it('takes the oldest out of use and keeps the newest, by number and not by text', () => {
    const none = { inUse: new Set<string>(), good: new Set<string>() };
    expect(expendable({ active: arns(11, 9, 10, 2), newest: 2, ...none })).toEqual(arns(2, 9));
    expect(expendable({ active: arns(11, 9), newest: 2, ...none })).toEqual([]);
    expect(expendable({ active: arns(11, 9, 10, 2), newest: 0, ...none })).toEqual([]);
    expect(expendable({ active: ['no revision at all', ...arns(1, 2)], newest: 1, ...none })).toEqual(
      arns(1),
    );
  });

  it('counts as good what the records and ECS call so, and what each would go back to', () => {
    const history = { verified: arns(7, 7, 4, 2), successful: arns(8, 7, 4) };
    expect([...goodRevisions(history)].sort()).toEqual(arns(4, 7, 8));
  });

  // One kept revision is the official action's trap: it takes the previous one out of use, and nothing leads back.
  it('whatever was deployed, failed, rolled back or scaled before: a way back is never taken out of use', () => {
    const step = fc.record({
      ends: fc.constantFrom('verified', 'successful', 'rolled-back', 'failed', 'superseded', 'rollback'),
      newest: fc.integer({ min: 1, max: 3 }),
      elsewhere: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 40 }), (steps) => {
        const active = new Set([1]);
        const state = { runs: 1, verified: [1], successful: [1], task: 1, next: 2 };
        for (const { ends, newest, elsewhere } of steps) {
          const back = [...new Set(state.verified)][1] ?? state.runs;
          const revision = ends === 'rollback' ? back : state.next++;
          expect([...active]).toContain(state.runs);
          if (ends === 'rollback') expect([...active]).toContain(back); // UpdateService refuses an INACTIVE one
          active.add(revision);
          if (elsewhere) state.task = revision; // a task of its own, still running later
          if (ends === 'rolled-back') {
            expect([...active]).toContain(state.successful[0]); // where ECS's breaker goes
            state.runs = state.successful[0] ?? 0;
            continue;
          }
          state.runs = revision;
          if (ends === 'failed' || ends === 'superseded') continue;
          state.successful.unshift(revision);
          if (ends !== 'successful') state.verified.unshift(revision);
          const gone = expendable({
            active: [...active].map(arn),
            newest,
            inUse: new Set(arns(state.runs, state.task)),
            good: goodRevisions({ verified: state.verified.map(arn), successful: state.successful.map(arn) }),
          });
          for (const each of gone) active.delete(Number(each.split(':').at(-1)));
          expect([...active]).toEqual(expect.arrayContaining([state.runs, state.task]));
        }
      }),
      { numRuns: 200 },
    );
  });
});
