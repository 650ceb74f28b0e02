import { HOUR } from '@tenant-delivery/domain';
import { policyMistakes } from '@tenant-delivery/rotation/policy';
import { agreedTimes } from '../credential-times.ts';
import { type LintCredential, says } from '../lint.ts';
import { lintConsumers } from '../lint-consumers.ts';

export const lintIamAccessKey: LintCredential<'iam-access-key'> = (credential, around) => {
  const { consumers, escrow } = credential;
  const cadences = consumers.map(({ cadenceHours }) => cadenceHours * HOUR);
  return [
    ...lintConsumers(consumers, around),
    ...says(
      !around.apps.includes(escrow),
      `escrow: ${escrow} has the private key of the App, which a rotation would write over`,
    ),
    ...policyMistakes(agreedTimes(credential), cadences).map((mistake) => `policy: ${mistake}`),
  ];
};
