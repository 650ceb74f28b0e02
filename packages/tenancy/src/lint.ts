import { judged } from '@tenant-delivery/action-kit/readable';
import type { TenantContract } from './contract.ts';
import { lintAdoption } from './lint-adoption.ts';
import { lintCredentials } from './lint-credentials.ts';
import { lintEnvironment } from './lint-environment.ts';
import { lintExpiry } from './lint-expiry.ts';
import { lintKeys } from './lint-keys.ts';
import { lintParties } from './lint-parties.ts';
import { lintPlaces } from './lint-places.ts';
import { lintPremises } from './lint-premises.ts';
import { lintRepositories } from './lint-repositories.ts';
import { type ContractFile, lintUniqueness } from './lint-uniqueness.ts';
import { unless } from './problems.ts';

/**
 * What the schema cannot see: everything that is wrong in the contracts, alone and beside one another. A contract may be the
 * readable part of one with mistakes of form: each rule is judged by itself, so that it says what it can.
 */
export function lintContracts(files: readonly ContractFile[], now: number): readonly string[] {
  return [
    ...files.flatMap(({ file, contract }) =>
      lintContract(contract, now).map((problem) => `${file}: ${problem}`),
    ),
    ...lintUniqueness(files),
  ];
}

const RUNNER = 'ubuntu-24.04'; // `runs-on` of deliver.yml, rollback.yml and release-gate.yml

function lintContract(contract: TenantContract, now: number): readonly string[] {
  return judged(
    () => lintExpiry(contract.expires, now),
    () => unless(Object.keys(contract.environments).length > 0, 'environments: there is none'),
    () => lintParties(contract),
    () => lintCredentials(contract),
    () => lintKeys(contract),
    () => lintPlaces(contract),
    () => lintRepositories(contract),
    () => lintAdoption(contract),
    () => lintPremises(contract),
    () =>
      contract.runners
        .filter((runner) => runner !== RUNNER)
        .map((runner) => `runners: ${runner}; the workflows run on ${RUNNER}, others are not supported yet`),
    () => judged(...Object.keys(contract.environments).map((name) => () => lintEnvironment(contract, name))),
  );
}
