export { checkRuns } from './check-runs.ts';
export { commits } from './commits.ts';
export { environments } from './environments.ts';
export { failures } from './failures.ts';
export { issues } from './issues.ts';
export { pullRequestComments } from './pull-request-comments.ts';
export { githubAccess, githubSession } from './session.ts';
export { workflowRuns } from './workflow-runs.ts';
