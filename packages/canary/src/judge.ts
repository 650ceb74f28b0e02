import { ASSUMPTIONS } from '@tenant-delivery/release/assumptions';
import type { AnswersByOperation } from './answers.ts';
import type { Deviation } from './compare.ts';
import type { Played } from './play.ts';

/** What a canary was seen to do. */
export interface Seen {
  readonly plays: readonly Played[];
  readonly answers: AnswersByOperation;
  readonly deviations: readonly Deviation[];
  /** Who moved the branch that delivers, as GitHub's activity has it. */
  readonly movers: readonly string[];
  /** How many commits the canary made there. */
  readonly commits: number;
}

export type Judgement = 'held' | 'did not' | 'not seen';

export interface Judged {
  readonly id: string;
  readonly judgement: Judgement;
  readonly why: string;
}

type Judge = (seen: Seen) => readonly [Judgement, string];

const NOT_SEEN: readonly [Judgement, string] = ['not seen', 'no play of this canary shows it'];

/** What the plays show of each assumption; an assumption without a judge is never seen by a canary. */
const JUDGES: Readonly<Record<string, Judge>> = {
  'ecs-started-by-revision': says('verify-target-health', 'verified', 'tasks of the deployment were counted'),
  'ecr-scan-completed-at': ({ answers }) => {
    const shapes = JSON.stringify(answers['ECR:DescribeImageScanFindings']?.shapes ?? []);
    if (!shapes.includes('imageScanFindings')) return NOT_SEEN;
    return shapes.includes('imageScanCompletedAt')
      ? ['held', 'finished scans have the time']
      : ['did not', 'findings came without the time'];
  },
  'iam-three-operators-on-one-claim': rolesAreAssumed,
  'sts-offers-the-claims': rolesAreAssumed,
  'github-inner-workflow-in-token': says('build-and-scan-image', 'built', 'the build job has its role'),
  'github-own-actions-by-dollar': says('open-change', 'proposed', 'steps of the called workflow ran'),
  'github-main-outside-its-folder': says('open-change', 'proposed', "an action's file was found"),
  'github-outputs-of-failed-calls': says(
    'close-change',
    'abandoned',
    'settle knew the change of a failed build',
  ),
  'github-run-ids-grow': ({ plays }) => {
    const ids = plays.map(({ run }) => run.id);
    if (ids.length < 2) return NOT_SEEN;
    return ids.every((id, at) => at === 0 || id > (ids[at - 1] ?? 0))
      ? ['held', `${ids.length} runs, each with a greater id than the one before`]
      : ['did not', `in the order of their start: ${ids.join(', ')}`];
  },
  'github-activity-names-who-moved': ({ movers, commits }) => {
    if (commits === 0) return NOT_SEEN;
    const named = movers.slice(0, commits).filter((login) => login !== 'nobody').length;
    return named === commits
      ? ['held', `${commits} commits, each with the account that moved the branch`]
      : ['did not', `${named} of ${commits} commits have an account`];
  },
  'aws-error-names': ({ answers, deviations }) => {
    const refused = Object.values(answers).some(({ refusals }) => Object.keys(refusals).length > 0);
    const wrong = deviations.filter(({ kind }) => kind === 'refusal');
    if (wrong.length > 0)
      return ['did not', wrong.map(({ operation, says: what }) => `${operation}: ${what}`).join('; ')];
    const apart = deviations.filter(({ kind }) => kind === 'not compared').length;
    const rest = apart === 0 ? '' : `; ${apart} operations were compared with nothing`;
    return refused
      ? ['held', `every refusal that was compared has a name that the local AWS gives too${rest}`]
      : NOT_SEEN;
  },
};

/** One judgement for each assumption, in their order. */
export function judge(seen: Seen): readonly Judged[] {
  return ASSUMPTIONS.map(({ id }) => {
    const [judgement, why] = JUDGES[id]?.(seen) ?? NOT_SEEN;
    return { id, judgement, why };
  });
}

/** Held where an action said so. It did not where the action ran and said something else. */
function says(action: string, outcome: string, why: string): Judge {
  return ({ plays }) => {
    const said = plays.flatMap((play) => play.said).filter((each) => each.action === action);
    if (said.some((each) => each.outcome === outcome)) return ['held', why];
    const wanted = plays.filter((play) =>
      play.wants.some(([name, what]) => name === action && what === outcome),
    );
    if (wanted.length === 0 || said.length === 0) return NOT_SEEN;
    const instead = said.map((each) => `${each.outcome} (${each.code})`).join(', ');
    return ['did not', `${action} did not say ${outcome}${instead === '' ? '' : `, but ${instead}`}`];
  };
}

function rolesAreAssumed({ answers, plays }: Seen): readonly [Judgement, string] {
  const asked = answers['STS:AssumeRoleWithWebIdentity'];
  const refused = plays.flatMap(({ said }) => said).filter(({ code }) => code === 'ROLE_NOT_ASSUMED');
  if (refused.length > 0)
    return ['did not', `refused to ${[...new Set(refused.map(({ action }) => action))].join(', ')}`];
  return asked && asked.shapes.length > 0 ? ['held', 'every job got the roles that it asked for'] : NOT_SEEN;
}
