// Asks GitHub as the actions do. A suite bundles it as they are bundled, and runs it as a process of its own.

import { workflowRuns } from '@tenant-delivery/github/actions/workflow-runs';
import { githubClient } from '@tenant-delivery/github/session/github-client';

const clock = { now: () => 0, sleep: async () => {} };
const runs = workflowRuns(await githubClient(process.env['GITHUB_API_URL'] ?? '', 'a-token', clock));
const told = await runs
  .stateOf('acme/orders', '1')
  .then(JSON.stringify, ({ code, message }) => `${code}: ${message}`);
console.log(told);
