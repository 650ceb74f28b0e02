import { type Judge, type Judgement, NOT_SEEN, says, type Unread } from './seen.ts';

export const JUDGES_OF_GITHUB: Readonly<Record<string, Judge>> = {
  'github-inner-workflow-in-token': says('build-and-scan-image', 'built', 'the build job has its role'),
  'github-own-actions-by-dollar': says('open-change', 'proposed', 'steps of the called workflow ran'),
  'github-main-outside-its-folder': says('open-change', 'proposed', "an action's file was found"),
  'github-outputs-of-failed-calls': says(
    'close-change',
    'abandoned',
    'settle knew the change of a failed build',
  ),
  'github-cancels-waiting-jobs': ({ plays }) => {
    const overtaken = plays.filter(({ waited }) => waited);
    if (overtaken.length === 0) return NOT_SEEN;
    const other = overtaken.find(({ run }) => run.conclusion !== 'cancelled');
    return other
      ? ['did not', `the run that waited while a newer one started ended as ${other.run.conclusion}`]
      : ['held', 'the run that waited was cancelled by the newer one'];
  },
  'github-run-ids-grow': ({ plays }) => {
    const ids = plays.map(({ run }) => run.id);
    if (ids.length < 2) return NOT_SEEN;
    return ids.every((id, at) => at === 0 || id > (ids[at - 1] ?? 0))
      ? ['held', `${ids.length} runs, each with a greater id than the one before`]
      : ['did not', `in the order of their start: ${ids.join(', ')}`];
  },
  'github-bots-have-a-type': ({ bots }) => {
    if ('unread' in bots) return notRead(bots);
    if (bots.length === 0) return ['not seen', 'GitHub knows none of the accounts that were asked for'];
    const people = bots.filter(({ type, login }) => type === 'User' && !login.endsWith('[bot]'));
    const all = bots.map(({ login }) => login).join(', ');
    return people.length === 0
      ? ['held', `${all}; look at other machine accounts of the organisation yourself`]
      : ['did not', `GitHub calls ${people.map(({ login }) => login).join(', ')} a person`];
  },
  'github-activity-names-who-moved': ({ movers, commits }) => {
    if (commits === 0) return NOT_SEEN;
    if ('unread' in movers) return notRead(movers);
    const named = movers.slice(0, commits).filter((login) => login !== 'nobody').length;
    return named === commits
      ? ['held', `${commits} commits, each with the account that moved the branch`]
      : ['did not', `${named} of ${commits} commits have an account`];
  },
};

function notRead({ unread }: Unread): readonly [Judgement, string] {
  return ['not seen', `GitHub could not be asked: ${unread}`];
}
