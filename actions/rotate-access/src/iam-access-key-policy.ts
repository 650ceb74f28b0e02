import { frozenUntil } from '@tenant-delivery/credentials/freezes';
import { agreedIamAccessKey } from '@tenant-delivery/credentials/iam-access-key/agreed';
import { DEFAULT_POLICY, type IamAccessKeyPolicy } from '@tenant-delivery/credentials/iam-access-key/policy';
import type { CredentialOf } from '@tenant-delivery/credentials/kinds';
import { DAY } from '@tenant-delivery/domain';
import type { AgreedInputs, AloneInputs } from './inputs.ts';

/** What a run may be asked to do with an access key, with a contract and without. */
export type Wishes = Pick<AgreedInputs, 'wish' | 'bootstrap' | 'adopt' | 'resolve'>;

function wishedPolicy(times: IamAccessKeyPolicy, asked: Wishes): IamAccessKeyPolicy {
  const { wish, adopt, resolve } = asked;
  return { ...times, wish, bootstrap: asked.bootstrap === 'yes', adopt, resolve };
}

/** As the contract has it, at that time. */
export function agreedPolicy(
  credential: CredentialOf<'iam-access-key'>,
  asked: Wishes,
  now: number,
): IamAccessKeyPolicy {
  return wishedPolicy(
    { ...agreedIamAccessKey(credential), closedUntil: frozenUntil(credential, now) },
    asked,
  );
}

/** As the inputs have it. */
export function policyAlone(given: AloneInputs): IamAccessKeyPolicy {
  const times = {
    maxAge: given['max-age-days'] * DAY,
    grace: given['grace-days'] * DAY,
    drainDeadline: given['drain-days'] * DAY,
  };
  return wishedPolicy({ ...DEFAULT_POLICY, ...times }, given);
}
