import { resolved, type Surroundings } from '../scripts/variables.ts';
import { actionOf, labelOf } from '../workflow.ts';

/** What AWS's SDK reads in the `env` of a step, by the input of configure-aws-credentials that gives the job the same. */
const READ = {
  AWS_ACCESS_KEY_ID: 'aws-access-key-id',
  AWS_SECRET_ACCESS_KEY: 'aws-secret-access-key',
  AWS_SESSION_TOKEN: 'aws-session-token',
  AWS_REGION: 'aws-region',
  AWS_DEFAULT_REGION: 'aws-region',
} as const;

/** Docker pushed with the sign-in of a step before, whatever credentials are in the `env` of the build; the new step signs in with these. */
export function notesOfSignIn(around: Surroundings): readonly string[] {
  const { job, step } = around;
  if (/ecr get-login-password/.test(step.run ?? '')) return [];
  const configured = job.steps.findLast(
    (each) => each.from < step.from && actionOf(each) === 'aws-actions/configure-aws-credentials',
  );
  const outside = { ...around, step: { ...step, env: {} } };
  const plain = (text: string | undefined) => resolved(text ?? '', outside).replace(/\s/g, '');
  const names = Object.entries(READ).flatMap(([name, input]) =>
    step.env[name] !== undefined && plain(step.env[name]) !== plain(configured?.with[input]) ? [name] : [],
  );
  return names.length === 0
    ? []
    : [
        `The \`env\` of "${labelOf(step)}" has ${names.join(' and ')}. Docker pushed with the sign-in of a step before, and the new step signs in with these: take out of its \`env\` what is not for this ECR.`,
      ];
}
