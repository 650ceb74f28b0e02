import type { Failure } from '@tenant-delivery/action-kit/failure';
import type { Outcome } from '@tenant-delivery/action-kit/main';
import { code, escapeMarkdown, prose, table } from '@tenant-delivery/action-kit/markdown';
import type { CheckConclusion } from '@tenant-delivery/delivery/github-ports';
import type { Target } from '@tenant-delivery/domain';
import type { ValueChange } from './manifest-changes.ts';

interface Asked {
  /** How many of each role must approve. */
  readonly required: Readonly<Record<string, number>>;
  readonly author: string;
}

export type Assessment =
  | (Asked & { readonly kind: 'allowed'; readonly changes: readonly ValueChange[]; readonly first: boolean })
  | (Asked & { readonly kind: 'refused'; readonly refusal: Failure });

export interface AssessmentReport {
  readonly outcome: Outcome;
  readonly comment: string;
  readonly check: { readonly conclusion: CheckConclusion; readonly title: string };
}

export function reportAssessment(target: Target, assessment: Assessment): AssessmentReport {
  const place = `${target.service} in ${target.environment} of ${target.tenant}`;
  return assessment.kind === 'allowed' ? allowed(place, assessment) : refused(place, assessment);
}

function allowed(place: string, assessment: Assessment & { kind: 'allowed' }): AssessmentReport {
  const { changes, first } = assessment;
  const count = changes.length === 1 ? '1 setting' : `${changes.length} settings`;
  const title = `Allowed: ${changes.length === 0 ? 'the configuration stays as it is' : `${count} of the configuration would change`}`;
  const what = first
    ? 'The base branch has no valid manifest to compare with, so every setting is new.'
    : 'A delivery also builds and deploys the code of this pull request.';
  const comment = [
    `### Release gate: ${place}`,
    '',
    `**Allowed.** ${what}`,
    '',
    changes.length === 0
      ? 'The configuration stays as it is.\n'
      : table(['setting', 'now', 'after merging'], changes.map(row)),
    whoApproves(assessment),
    ADVICE,
  ].join('\n');
  return {
    comment,
    check: { conclusion: 'success', title },
    outcome: {
      outcome: 'allowed',
      reasonCode: 'OK',
      ok: true,
      headline: `${place}: ${title}`,
      facts: { changes, required: assessment.required },
      summary: comment,
    },
  };
}

function refused(place: string, assessment: Assessment & { kind: 'refused' }): AssessmentReport {
  const { refusal } = assessment;
  const lines = refusal.details.length > 0 ? refusal.details : [refusal.message];
  const comment = [
    `### Release gate: ${place}`,
    '',
    '**Refused.** A delivery of this pull request would stop before anything is built.',
    '',
    ...lines.map((line) => `- ${escapeMarkdown(line)}`),
    '',
    `**What to do:** ${prose(refusal.remedy)}`,
    '',
    whoApproves(assessment),
    ADVICE,
  ].join('\n');
  return {
    comment,
    check: { conclusion: 'failure', title: `Refused: ${refusal.code}` },
    outcome: {
      outcome: 'refused',
      reasonCode: refusal.code,
      ok: false,
      headline: refusal.message,
      remedy: refusal.remedy,
      facts: { mistakes: lines },
      summary: comment,
    },
  };
}

/** A job of a fork's pull request has no identity at AWS and a token that only reads: it can say so, and not pass. */
export function notAssessed(target: Target): Outcome {
  const place = `${target.service} in ${target.environment} of ${target.tenant}`;
  const headline = `Not assessed: a pull request from a fork has no identity to read the contract of ${target.tenant} with.`;
  const remedy =
    'Somebody with write access looks at the change and pushes the branch to this repository; its pull request is assessed.';
  return {
    outcome: 'not-assessed',
    reasonCode: 'PULL_REQUEST_FROM_FORK',
    ok: false,
    headline,
    remedy,
    facts: {},
    summary: `### Release gate: ${place}\n\n**Not assessed.** ${headline}\n\n**What to do:** ${remedy}\n`,
  };
}

const ADVICE = '_This is advice: the delivery judges again, under the contract that is in force then._\n';

function row({ path, before, after }: ValueChange): readonly string[] {
  const cell = (value: string | undefined) => (value === undefined ? 'none' : code(value));
  return [code(path), cell(before), cell(after)];
}

function whoApproves({ required, author }: Asked): string {
  const roles = Object.entries(required).map(
    ([role, count]) => `${count === 1 ? 'one person' : `${count} people`} as ${code(role)}`,
  );
  return `**Who must approve the delivery:** ${roles.join(', ')}; nobody who wrote, committed or started it, so not ${code(author)}.\n`;
}
