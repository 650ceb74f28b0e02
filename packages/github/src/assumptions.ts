import type { Assumption } from '@tenant-delivery/domain';

/** What workflows, actions and adapters take for true of GitHub. */
export const GITHUB_ASSUMPTIONS: readonly Assumption[] = [
  {
    id: 'github-own-actions-by-dollar',
    of: 'GitHub',
    says: '`uses: $/actions/NAME` in a called workflow runs the action of the same repository and commit, also for callers in other repositories.',
    page: 'GitHub Docs, "Reuse workflows": describes `$/` and was not tried.',
    ifWrong: { fails: 'closed', effect: 'The job does not start.' },
    seenBy: { canary: 'A delivery: the log line of each step names the commit.' },
  },
  {
    id: 'github-main-outside-its-folder',
    of: 'GitHub',
    says: '`main` of an action may name a file two folders up.',
    page: 'GitHub Docs, "Metadata syntax reference": calls it a path. Actions of others go one folder up.',
    ifWrong: { fails: 'closed', effect: 'The step fails before our code runs.' },
    seenBy: { canary: 'A delivery: its steps start.' },
    alsoIn: ['actions/open-change/action.yml'],
  },
  {
    id: 'github-inner-workflow-in-token',
    of: 'GitHub',
    says: 'In a workflow that a called workflow calls, `job_workflow_ref` names the inner file, at the ref of the outer call.',
    page: 'GitHub Docs, "OpenID Connect reference": speaks of one level.',
    ifWrong: {
      fails: 'closed',
      effect: 'The build role opens for no job: ROLE_NOT_ASSUMED, with the claims.',
    },
    seenBy: { canary: 'A delivery: the build job opens its change.' },
    alsoIn: ['templates/iam/trust/build.json'],
  },
  {
    id: 'github-cancels-waiting-jobs',
    of: 'GitHub',
    says: 'A job that waits for a review is in its concurrency group, and `cancel-in-progress` of a newer job cancels it.',
    page: 'GitHub Docs, "Control the concurrency of workflows and jobs": speaks of jobs that run.',
    ifWrong: {
      fails: 'closed',
      effect: 'People are asked about an older plan. The approval is refused: CHANGE_SUPERSEDED.',
    },
    seenBy: {
      canary: 'A delivery that waits for its review while a newer one starts: how the older run ends.',
    },
  },
  {
    id: 'github-run-ids-grow',
    of: 'GitHub',
    says: 'Of two runs of a repository, the one that was started later has the greater id.',
    page: 'GitHub Docs, "Variables reference": calls the id unique.',
    ifWrong: {
      fails: 'open',
      effect: 'An older push counts as the newest. What it deploys was still planned and approved.',
    },
    seenBy: { canary: 'All runs of the canary, in order.' },
  },
  {
    id: 'github-bots-have-a-type',
    of: 'GitHub',
    says: 'Every account that is no person has the type `Bot`, or a login that ends in `[bot]`.',
    page: 'GitHub Docs, "REST API endpoints for users": lists the types without saying who has which.',
    ifWrong: {
      fails: 'open',
      effect: 'A bot that the contract does not list counts as a person who asked for the change.',
    },
    seenBy: {
      canary:
        "GitHub's own bots and those that the contract lists, asked of GitHub. Other machine accounts of the organisation: look at each.",
    },
  },
  {
    id: 'github-activity-names-who-moved',
    of: 'GitHub',
    says: "The activity of a repository has every move of a branch with the account behind it, also a merge queue's.",
    page: 'GitHub Docs, "List repository activities": does not say what is left out.',
    ifWrong: {
      fails: 'closed',
      effect:
        'A change that a bot wrote is not approved, and a contract is not signed by a job, because nobody knows who brought it.',
    },
    seenBy: { canary: 'Two pushes to the canary: their lines in the activity.' },
  },
  {
    id: 'github-pull-requests-of-a-merge',
    of: 'GitHub',
    says: 'The pull requests of a commit have the one that became it, by a merge or a squash, also where it was merged into the branch of another one.',
    page: 'GitHub Docs, "List pull requests associated with a commit": speaks of the default branch alone.',
    ifWrong: {
      fails: 'open',
      effect:
        'Who pushed to a pull request that was merged into another one may approve the contract in it. Without the one into the default branch, nothing is signed.',
    },
    seenBy: {
      person:
        'Merge a pull request into the branch of another one, merge that one, and ask for the pull requests of the first merge commit.',
      notByCanary: 'It has no operations repository whose pull requests are stacked.',
    },
  },
  {
    id: 'github-outputs-of-failed-calls',
    of: 'GitHub',
    says: 'Outputs of a called workflow are there for `settle` when one of its jobs has failed.',
    page: 'GitHub Docs, "Reuse workflows": says how outputs are passed, and not what a failure does to them.',
    ifWrong: {
      fails: 'closed',
      effect: 'The change stays open until the next delivery of the service ends it.',
    },
    seenBy: { canary: 'A build that fails: how its change ended.' },
  },
  {
    id: 'github-secrets-at-a-second-attempt',
    of: 'GitHub',
    says: 'A second attempt of an old run may still see the old value of a secret.',
    page: 'GitHub Docs, "Using secrets in GitHub Actions": says that a secret is read when a run is queued.',
    ifWrong: { fails: 'harmless', effect: 'Only a new run proves that a rotated secret is used.' },
    seenBy: {
      notByCanary: 'It would have to change a secret of the repository, and none of its people may.',
      person: 'Change a secret, and run an old run again that prints its length.',
    },
  },
  {
    id: 'github-links-in-annotations',
    of: 'GitHub',
    says: 'An address in an annotation becomes a link.',
    page: 'None.',
    ifWrong: { fails: 'harmless', effect: 'People copy the address. The summary has it as a link.' },
    seenBy: {
      notByCanary: 'Only a page shows it, and the API has none.',
      person: 'Look at the page of a run that failed.',
    },
  },
];
