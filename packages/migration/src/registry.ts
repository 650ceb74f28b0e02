import { outputIn, piecesOf } from './expressions.ts';
import { resolved, type Surroundings } from './scripts/variables.ts';
import { actionOf, type Job, type Step } from './workflow.ts';

/** Where an image name leads, as far as the file says it. */
export type Registry =
  | { readonly kind: 'ecr' }
  | { readonly kind: 'other'; readonly name: string }
  /** An expression decides, and the job signs in at ECR: `asked` is what is not known. */
  | { readonly kind: 'unknown'; readonly asked: string };

const ECR = /\.dkr[.-]ecr\./;

export function registryOf(image: string, around: Surroundings): Registry {
  const text = resolved(image, around);
  const host = hostOf(text);
  const [first] = host;
  const literal = host.map((piece) => ('literal' in piece ? piece.literal : '')).join('');
  if (ECR.test(literal)) return { kind: 'ecr' };
  if (first && 'expression' in first) {
    const of = outputIn(first.expression);
    const step = around.job.steps.find(({ id }) => id !== undefined && id === of?.id);
    if (step && actionOf(step) === 'aws-actions/amazon-ecr-login')
      return step.with['registry-type'] === 'public'
        ? { kind: 'other', name: 'public.ecr.aws' }
        : { kind: 'ecr' };
    return { kind: 'unknown', asked: image };
  }
  if (host.some((piece) => 'expression' in piece)) return { kind: 'unknown', asked: image };
  const name = /[.:]|^localhost$/.test(literal) ? literal : 'Docker Hub';
  return { kind: 'other', name };
}

/**
 * Whether an image is certainly in the registry of the credentials that `deploy` has: its host is what the login there said, or a step
 * that pushes there names it. ECR has one registry for each account and region, so an address alone does not say it.
 */
export function isOfTheJob(image: string, around: Surroundings, deploy: Step): boolean {
  const [first] = piecesOf(resolved(image, around));
  const of = first && 'expression' in first ? outputIn(first.expression) : undefined;
  const step = around.job.steps.find(({ id }) => id !== undefined && id === of?.id);
  if (!step || !sameCredentials(around.job, loginBefore(around.job, step), deploy)) return false;
  if (actionOf(step) === 'aws-actions/amazon-ecr-login')
    return step.with['registries'] === undefined && step.with['registry-type'] !== 'public';
  return /\bdocker\b[^\n]*\b(?:build|push)\b/.test(step.run ?? '') && signsInAtEcr({ ...around, step });
}

/** The sign-in at ECR that a step uses; the step itself where it is one, or there is none. */
function loginBefore({ steps }: Job, step: Step): Step {
  const signsIn = (each: Step) =>
    actionOf(each) === 'aws-actions/amazon-ecr-login' || /ecr get-login-password/.test(each.run ?? '');
  return steps.findLast((each) => each.from <= step.from && signsIn(each)) ?? step;
}

/** Whether a later step of the job has the AWS credentials and the region of an earlier one, as far as the file says it. */
export function sameCredentials({ steps }: Job, step: Step, later: Step): boolean {
  const before = steps.findLast((each) => each.from < step.from && setsCredentials(each));
  const between = steps.filter(
    (each) => each.from >= step.from && each.from < later.from && setsCredentials(each),
  );
  const names = Object.keys({ ...step.env, ...later.env }).filter((name) => /^AWS_(?!ACCOUNT)/.test(name));
  const set = before && !('role-to-assume' in before.with) ? before.with : {};
  const given = (each: Step, name: string) => plain(each.env[name] ?? set[SETS[name] ?? '']);
  return (
    between.every((each) => before !== undefined && credentialsIn(each) === credentialsIn(before)) &&
    names.every((name) => given(step, name) === given(later, name))
  );
}

/** What configure-aws-credentials sets, and by which of its inputs, where it assumes no role. */
const SETS: Readonly<Record<string, string>> = {
  AWS_ACCESS_KEY_ID: 'aws-access-key-id',
  AWS_SECRET_ACCESS_KEY: 'aws-secret-access-key',
  AWS_SESSION_TOKEN: 'aws-session-token',
  AWS_REGION: 'aws-region',
  AWS_DEFAULT_REGION: 'aws-region',
};

/** A text without the blanks in its expressions. */
const plain = (text: string | undefined) => text?.replace(/(\$\{\{)\s*|\s*(\}\})/g, '$1$2');

function setsCredentials(step: Step): boolean {
  return (
    actionOf(step) === 'aws-actions/configure-aws-credentials' ||
    /(?<!\$\{?)\bAWS_(?:PROFILE|REGION|DEFAULT_REGION|ACCESS_KEY_ID)(?:=|<<)[\s\S]*GITHUB_ENV/.test(
      step.run ?? '',
    )
  );
}

/** What a step that sets credentials sets. Its session's name and its version change nothing. */
function credentialsIn(step: Step): string {
  const given = Object.entries(step.with).filter(([name]) => name !== 'role-session-name');
  return JSON.stringify([actionOf(step), step.run, given.sort(), Object.entries(step.env).sort()]);
}

/** The pieces before the first slash; all of them when there is none. */
function hostOf(text: string) {
  const host: ReturnType<typeof piecesOf>[number][] = [];
  for (const piece of piecesOf(text)) {
    const slash = 'literal' in piece ? piece.literal.indexOf('/') : -1;
    if ('literal' in piece && slash >= 0)
      return slash === 0 ? host : [...host, { literal: piece.literal.slice(0, slash) }];
    host.push(piece);
  }
  return isName(host) ? host : [];
}

/** A name with no slash and no expression is one of Docker Hub, whatever dots its tag has. */
function isName(host: readonly object[]): boolean {
  return host.some((piece) => 'expression' in piece);
}

/** Whether the job signs in at a private ECR before this step or in it: by the action, or with the command. */
export function signsInAtEcr({ job, step }: Surroundings): boolean {
  return job.steps.some(
    (each) =>
      each.from <= step.from &&
      ((actionOf(each) === 'aws-actions/amazon-ecr-login' && each.with['registry-type'] !== 'public') ||
        /ecr get-login-password/.test(each.run ?? '')),
  );
}
