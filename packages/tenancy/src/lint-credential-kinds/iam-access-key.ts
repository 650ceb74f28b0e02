import { HOUR, policyMistakes } from '@tenant-delivery/rotation/access-key/policy';
import { agreedTimes } from '../credential-times.ts';
import { type LintCredential, says } from './around.ts';
import { lintConsumers } from './consumers.ts';

export const lintAccessKey: LintCredential<'iam-access-key'> = (credential, around) => {
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
