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
] as const;
