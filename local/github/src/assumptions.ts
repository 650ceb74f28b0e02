/** What this server takes for true of GitHub where no page says so. */
export const LOCAL_GITHUB_ASSUMPTIONS = [
  {
    id: 'github-needs-counts-indirect-jobs',
    of: 'GitHub',
    says: '`success()` of a job is false when a job before one of its needs failed.',
    page: 'GitHub Docs, "Evaluate expressions in workflows and actions": speaks of ancestor jobs under `failure()`, and not under `success()`.',
    ifWrong: { fails: 'harmless', effect: 'Our workflows ask for results by name.' },
    seenBy: {
      notByCanary: 'It takes a workflow of its own, and a token that may write workflows.',
      person:
        'Run three jobs that need one another in a row. The first fails, and the second runs by `always()`: whether the third runs.',
    },
  },
  {
    id: 'github-order-of-hash-files',
    of: 'GitHub',
    says: '`hashFiles` takes the files in the order of their names.',
    page: 'GitHub Docs, "Evaluate expressions in workflows and actions": does not name an order.',
    ifWrong: { fails: 'harmless', effect: 'No workflow of ours uses it.' },
    seenBy: {
      notByCanary: 'It takes a workflow of its own, and a token that may write workflows.',
      person: 'Compare `hashFiles` of two files with SHA-256 in both orders.',
    },
  },
  {
    id: 'github-cache-size-is-compared',
    of: 'GitHub',
    says: 'A cache whose size is not the one that was uploaded is not finished.',
    page: 'None: GitHub describes the cache action, not its service.',
    ifWrong: { fails: 'harmless', effect: 'Clients say the size of what they uploaded.' },
    seenBy: {
      notByCanary: 'It takes a workflow of its own, and a token that may write workflows.',
      person: 'Save a cache by hand, and say another size at its end.',
    },
  },
  {
    id: 'github-cache-of-workflow-run',
    of: 'GitHub',
    says: 'A run by `workflow_run` on the default branch never saves a cache there.',
    page: 'GitHub changelog, 26 June 2026, "Read-only Actions cache for untrusted triggers": speaks of those that follow a pull request from a fork, and does not name the event among the trusted ones.',
    ifWrong: { fails: 'harmless', effect: 'No workflow of ours keeps a cache at GitHub.' },
    seenBy: {
      notByCanary: 'It takes a workflow of its own, and a token that may write workflows.',
      person: 'Save a cache in a run that follows a push to the default branch.',
    },
  },
] as const;
