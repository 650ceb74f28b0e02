import { ASSUMPTIONS } from '@tenant-delivery/release/assumptions';
import { type Deviation, isGrave } from './compare.ts';
import type { Judged } from './judge.ts';
import type { Played } from './play.ts';

/** What a canary says of AWS and GitHub, for machines. */
export interface Report {
  readonly plays: readonly {
    readonly name: string;
    readonly run: number;
    readonly otherwise: readonly string[];
    /** What it did not show, although it ended as expected. */
    readonly note?: string;
  }[];
  readonly deviations: readonly Deviation[];
  /** How fast both answered, in one sentence. */
  readonly timing: string;
  readonly assumptions: readonly Judged[];
  /** What the canary could not take away again, in one sentence. */
  readonly left?: string | undefined;
}

export function reportOf(
  plays: readonly Played[],
  { deviations, timing, assumptions, left }: Omit<Report, 'plays'>,
): Report {
  return {
    plays: plays.map(({ play, run, otherwise, note }) => ({
      name: play,
      run: run.id,
      otherwise,
      ...(note !== undefined && { note }),
    })),
    deviations,
    timing,
    assumptions,
    ...(left !== undefined && { left }),
  };
}

/** Whether everything is as code and local servers have it. */
export function isClean({ plays, deviations, assumptions }: Report): boolean {
  return (
    plays.every(({ otherwise }) => otherwise.length === 0) &&
    !deviations.some(isGrave) &&
    assumptions.every(({ judgement }) => judgement !== 'did not')
  );
}

/** The same for people: plays, then answers, then assumptions; of the last two what is wrong comes first. */
export function linesOf({ plays, deviations, timing, assumptions, left }: Report): readonly string[] {
  const wrong = assumptions.filter(({ judgement }) => judgement === 'did not');
  const held = assumptions.filter(({ judgement }) => judgement === 'held');
  const unseen = assumptions.filter(({ judgement }) => judgement === 'not seen');
  const [byPerson, byNobody] = [unseen.filter(isForPeople), unseen.filter((each) => !isForPeople(each))];
  const grave = deviations.filter(isGrave);
  const more = deviations.filter((each) => !isGrave(each));
  return [
    ...plays.map(({ name, run, otherwise, note }) =>
      otherwise.length === 0
        ? `ok      ${name} (run ${run})${note === undefined ? '' : `: ${note}`}`
        : `WRONG   ${name} (run ${run}): ${otherwise.join('; ')}`,
    ),
    '',
    ...grave.map(({ operation, kind, says }) => `WRONG   ${operation}, ${kind}: ${says}`),
    `time    ${timing}`,
    ...(left === undefined ? [] : [`left    ${left}`]),
    ...more.map(({ operation, kind, says }) => `note    ${operation}, ${kind}: ${says}`),
    '',
    ...wrong.map(({ id, why }) => `DID NOT ${id}: ${why}. ${effectOf(id)}`),
    ...held.map(({ id, why }) => `held    ${id}: ${why}`),
    ...byNobody.map(({ id, why }) => `unseen  ${id}: ${why}`),
    ...byPerson.map(({ id, why }) => `person  ${id}: ${why}`),
  ];
}

function effectOf(id: string): string {
  const { fails, effect } = ASSUMPTIONS.find((each) => each.id === id)?.ifWrong ?? {};
  return fails === 'harmless' ? `It does no harm: ${effect}` : `It fails ${fails}: ${effect}`;
}

function isForPeople({ id }: Judged): boolean {
  const found = ASSUMPTIONS.find((each) => each.id === id);
  return found !== undefined && 'person' in found.seenBy;
}
