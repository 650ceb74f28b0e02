import type { Promised } from '../../stage/a-double.ts';
import { accountSuite } from './account-suite.ts';
import { grantsSuite } from './grants-suite.ts';
import { keysSuite } from './keys-suite.ts';
import { secretsSuite } from './secrets-suite.ts';
import { stacksSuite } from './stacks-suite.ts';
import { vaultSuite } from './vault-suite.ts';
import { workloadSuite } from './workload-suite.ts';

/** What adapters keep over each double of AWS: over the local one here, over moto in `witnesses`. */
export const SUITES: readonly { readonly what: string; readonly suite: readonly Promised[] }[] = [
  { what: 'account', suite: accountSuite },
  { what: 'grants', suite: grantsSuite },
  { what: 'keys', suite: keysSuite },
  { what: 'secrets', suite: secretsSuite },
  { what: 'stacks', suite: stacksSuite },
  { what: 'vault', suite: vaultSuite },
  { what: 'workload', suite: workloadSuite },
];
