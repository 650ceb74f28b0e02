import { changed, type Draft, dropped, type Refused, type Row, same } from '../draft.ts';
import { hasExpression } from '../expressions.ts';
import type { Surroundings } from '../scripts/variables.ts';

export const SCAN = 'alexjurkiewicz/ecr-scan-image';

const POLICY = '.delivery/scan-policy.yaml';
const SEVERITIES = ['critical', 'high', 'medium', 'low', 'informational'] as const;
const THRESHOLD = 'high'; // of their code, whatever their page says

const OUTPUTS = {};

/** ecr-scan-image as gate-on-ecr-findings. Its limits are in a policy file, which a person has to write. */
export function fromEcrScanImage({ step }: Surroundings): Draft | Refused {
  const given = step.with;
  const unknown = Object.keys(given).find(
    (name) => !['repository', 'tag', 'fail_threshold', 'ignore_list', 'error_missed_ignores'].includes(name),
  );
  if (unknown !== undefined)
    return { left: `ecr-scan-image has no input \`${unknown}\` that this command knows` };
  const ignored = (given['ignore_list'] ?? '').trim();
  const rows: Row[] = [same('repository'), same('tag')];
  if ('fail_threshold' in given) rows.push(changed('fail_threshold', `limits in ${POLICY}`, 'policy'));
  if (ignored !== '')
    rows.push(
      dropped('ignore_list', `each needs a reason, an owner, an approver and a last day, in ${POLICY}`),
    );
  if ('error_missed_ignores' in given)
    rows.push(dropped('error_missed_ignores', `\`terms.waivers.unusedDays\` of ${POLICY} says it`));
  return {
    action: 'gate-on-ecr-findings',
    inputs: [
      ['contract', 'none'],
      ['repository', given['repository'] ?? ''],
      ['tag', given['tag'] ?? ''],
    ],
    env: [],
    rows,
    outputs: OUTPUTS,
    notes: [
      `Write ${POLICY}: ${limitsOf(given['fail_threshold'] ?? THRESHOLD)}${ignored === '' ? '' : ', and a waiver for each ignored id'}.`,
    ],
  };
}

function limitsOf(threshold: string): string {
  const at = SEVERITIES.map(String).indexOf(threshold.trim().toLowerCase());
  if (hasExpression(threshold) || at < 0) return `the limits of the severity ${threshold}`;
  const limits = SEVERITIES.map((severity, index) => `${severity}: ${index <= at ? '0' : 'unlimited'}`);
  return `\`${[...limits, 'unknown: 0'].join(', ')}\``;
}
