import { actionOf, type Job, type Step, type Workflow } from '../workflow.ts';
import { readScript } from './read-script.ts';
import { standingOf } from './standing.ts';
import { ofEnvironment, ScriptVariables } from './variables.ts';

/** Actions that neither look at an image nor change what it is built from. */
const HARMLESS = [
  'aws-actions/configure-aws-credentials',
  'aws-actions/amazon-ecr-login',
  'docker/login-action',
  'docker/metadata-action',
  'docker/setup-qemu-action',
];
const SIGNS_IN = /^aws ecr get-login-password\b[^|;&]*\|[\s\\]*docker login\b[^|;&]*$/;

/** Whether a build before this step may as well come after it: the step is known, and does nothing to an image or its files. */
export function isHarmlessBetween(workflow: Workflow, job: Job, step: Step): boolean {
  if (step.run === undefined) return HARMLESS.includes(actionOf(step) ?? '');
  const statements = readScript(step.run);
  if (typeof statements === 'string') return false;
  const variables = new ScriptVariables(ofEnvironment({ workflow, job, step }));
  return statements.every((statement) => {
    variables.follow(statement, '');
    const standing = standingOf(statement, variables);
    const changes = /GITHUB_(?:ENV|PATH)\b/.test(statement.own);
    return standing === 'quiet' || (standing === 'output' && !changes) || SIGNS_IN.test(statement.own.trim());
  });
}
