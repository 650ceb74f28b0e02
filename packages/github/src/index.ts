export { environments } from './actions/environments.ts';
export { workflowRuns } from './actions/workflow-runs.ts';
export { checkRuns } from './commits/check-runs.ts';
export { commits } from './commits/commits.ts';

export { issues } from './issues/issues.ts';
export { pullRequestComments } from './issues/pull-request-comments.ts';
export { githubClient } from './session/github-client.ts';
