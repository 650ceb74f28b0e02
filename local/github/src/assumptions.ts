/** What this server takes for true of GitHub where no page says so. */
export const LOCAL_GITHUB_ASSUMPTIONS = [
  {
    id: 'github-needs-counts-indirect-jobs',
    of: 'GitHub',
    says: '`success()` of a job is false when a job before one of its needs failed.',
    page: 'GitHub Docs, "Evaluate expressions in workflows and actions": speaks of ancestor jobs under `failure()`, and not under `success()`.',
    ifWrong: { fails: 'closed', effect: 'None: our workflows ask for results by name.' },
    seenBy: 'A build that fails: which jobs of the run are skipped.',
  },
  {
    id: 'github-order-of-hash-files',
    of: 'GitHub',
    says: '`hashFiles` takes the files in the order of their names.',
    page: 'GitHub Docs, "Evaluate expressions in workflows and actions": does not name an order.',
    ifWrong: { fails: 'closed', effect: 'None: no workflow of ours uses it.' },
    seenBy: 'Not by the canary.',
  },
] as const;
