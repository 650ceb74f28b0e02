import { HOUR } from '@tenant-delivery/domain';
import { policyMistakes } from '@tenant-delivery/rotation/policy';
import { type Around, says } from '../lint.ts';
import { lintConsumers } from '../lint-consumers.ts';
import { agreedIamAccessKey } from './agreed.ts';
import type { IamAccessKey } from './terms.ts';

export function lintIamAccessKey(credential: IamAccessKey, around: Around): readonly string[] {
  const { consumers, escrow } = credential;
  const cadences = consumers.map(({ cadenceHours }) => cadenceHours * HOUR);
  return [
    ...lintConsumers(consumers, around),
    ...says(
      !around.apps.includes(escrow),
      `escrow: ${escrow} has the private key of the App, which a rotation would write over`,
    ),
    ...policyMistakes(agreedIamAccessKey(credential), cadences).map((mistake) => `policy: ${mistake}`),
  ];
}
