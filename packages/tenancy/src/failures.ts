import { failure } from '@tenant-delivery/action-kit/failure';

const listed = (what: string) => (subject: string, mistakes: readonly string[]) => ({
  message: `${subject} ${what}: ${mistakes.join('; ')}.`,
  details: mistakes,
});

export const failures = {
  manifestInvalid: failure(
    'MANIFEST_INVALID',
    listed('is not a valid service manifest'),
    'Correct the manifest; each line names a key and what belongs there.',
  ),
  scanPolicyInvalid: failure(
    'SCAN_POLICY_INVALID',
    listed('is not a valid scan policy'),
    'Correct the policy; each line names a key and what belongs there. `tenant-delivery policy lint` reads it the same way.',
  ),
  manifestOutsideContract: failure(
    'MANIFEST_OUTSIDE_CONTRACT',
    listed('asks for more than the contract allows'),
    'Change the manifest to stay inside the agreement, or ask the provider to change the contract.',
  ),
  contractInvalid: failure(
    'CONTRACT_INVALID',
    listed('is not a valid tenant contract'),
    'Correct the contract and run `tenant-delivery contract lint` until it finds nothing to correct.',
  ),
  contractNotFound: failure(
    'CONTRACT_NOT_FOUND',
    (tenant: string, environment: string, place: string) =>
      `There is no contract of ${tenant} for ${environment} in ${place}.`,
    'Check tenant, environment and account of the workflow. The provider publishes contracts with `tenant-delivery contract publish`.',
  ),
  contractUnsigned: failure(
    'CONTRACT_UNSIGNED',
    (place: string, why: string) => `The contract in ${place} ${why}.`,
    'The provider signs it with `tenant-delivery contract sign` and publishes it again.',
  ),
  contractUntrusted: failure(
    'CONTRACT_UNTRUSTED',
    (place: string, why: readonly string[]) => ({
      message: `The contract in ${place} is not signed by a key that may sign it: ${why.join('; ')}.`,
      details: why,
    }),
    "Check that the release in use carries the provider's `trust/provider.json`, and have the contract signed by the contract key named there.",
  ),
  contractForeign: failure(
    'CONTRACT_FOREIGN',
    (place: string, found: string, wanted: string) =>
      `The contract in ${place} is for ${found}, not for ${wanted}.`,
    'Correct tenant and environment of the workflow; they choose the contract, and the contract must name them.',
  ),
  contractExpired: failure(
    'CONTRACT_EXPIRED',
    (tenant: string, expires: string) => `The contract of ${tenant} expired at ${expires}.`,
    'The provider renews the contract with a higher serial and publishes it.',
  ),
  contractOlder: failure(
    'CONTRACT_OLDER',
    (tenant: string, serial: number, seen: number) =>
      `The contract of ${tenant} has the serial ${serial}, but ${seen} was in force before.`,
    'Somebody has put an older contract back. The provider publishes the newest one again and finds out who did.',
  ),
  contractForked: failure(
    'CONTRACT_FORKED',
    (tenant: string, serial: number) =>
      `Two different contracts of ${tenant} carry the serial ${serial}; another one was in force before.`,
    'The provider raises the serial of the right contract, signs and publishes it.',
  ),
  contractIncomplete: failure(
    'CONTRACT_INCOMPLETE',
    (tenant: string, environment: string, missing: readonly string[]) => ({
      message: `Nothing can be delivered to ${environment} of ${tenant} yet: its contract has no ${missing.join(', ')}.`,
      details: missing,
    }),
    'Once the network is provisioned, the provider runs `tenant-delivery contract complete FILE --environment NAME`, then signs and publishes the new serial. Nothing was changed.',
  ),
  contractDropsKeys: failure(
    'CONTRACT_DROPS_KEYS',
    (tenant: string, serial: number, keys: readonly string[]) => ({
      message: `The contract in force of ${tenant}, serial ${serial}, names keys that this one does not: ${keys.join('; ')}.`,
      details: keys,
    }),
    'Put each key back, with `until` for the time when it was replaced, and sign again. What it signed before that must stay verifiable. For a key that was stolen, make `until` the same as `from`: then nothing that it signed counts.',
  ),
  contractNotApproved: failure(
    'CONTRACT_NOT_APPROVED',
    (tenant: string, why: readonly string[]) => ({
      message: `Nobody else has agreed to the contract of ${tenant}: ${why.join('; ')}.`,
      details: why,
    }),
    'Have a reviewer of the environment approve the run who had no part in the change: did not write, push or merge it, and did not open its pull request. What GitHub does not say cannot be judged: then a person signs by hand. Nothing was signed.',
  ),
  contractRecordRefused: failure(
    'CONTRACT_RECORD_REFUSED',
    (tenant: string, why: readonly string[]) => ({
      message: `The record beside the contract of ${tenant} does not count: ${why.join('; ')}.`,
      details: why,
    }),
    'Sign the contract again with `--record`, against the contract that is in force. Nothing was published.',
  ),
  contractMoved: failure(
    'CONTRACT_MOVED',
    (tenant: string) => `Somebody else published a contract of ${tenant} at the same moment.`,
    'Look at which contract is in force now, then publish again if yours is the newer one.',
  ),
  accountMismatch: failure(
    'ACCOUNT_MISMATCH',
    (facts: readonly string[]) => ({
      message: `The accounts do not agree: ${facts.join('; ')}.`,
      details: facts,
    }),
    'Correct `account` of the workflow, or give the job credentials of that account. If both are right, the provider corrects the contract.',
  ),
  regionMismatch: failure(
    'REGION_MISMATCH',
    (given: string, agreed: string) => `The workflow names ${given}; the contract says ${agreed}.`,
    'Correct `region` of the workflow.',
  ),
  repositoryNotListed: failure(
    'REPOSITORY_NOT_LISTED',
    (repository: string, repositoryId: string, tenant: string) =>
      `${repository} (repository id ${repositoryId}) may not deliver for ${tenant}: the contract does not list it.`,
    'Run from a repository that the contract lists by its number. A fork, or a new repository of the same name, is another repository.',
  ),
  serviceNotListed: failure(
    'SERVICE_NOT_LISTED',
    (service: string, why: string) => `${service} cannot be delivered: ${why}.`,
    'Correct `service` of the workflow, or ask the provider to add the service to the contract.',
  ),
  provisioningNotAgreed: failure(
    'PROVISIONING_NOT_AGREED',
    (part: string, why: readonly string[]) => ({
      message: `${part} cannot be provisioned under the contract: ${why.join('; ')}.`,
      details: why,
    }),
    'Start the workflow in the operations repository that the contract names, for an environment that the contract has. Nothing was changed.',
  ),
  credentialNotAgreed: failure(
    'CREDENTIAL_NOT_AGREED',
    (credential: string, why: readonly string[]) => ({
      message: `${credential} cannot be rotated under the contract: ${why.join('; ')}.`,
      details: why,
    }),
    'Correct the workflow, or ask the provider to add the credential to the contract. Nothing was changed.',
  ),
  clearanceRefused: failure(
    'CLEARANCE_REFUSED',
    (facts: readonly string[]) => ({
      message: `What was found is not what the contract names: ${facts.join('; ')}.`,
      details: facts,
    }),
    'Nothing was changed. Compare the resource named with the contract; the provider corrects the one that is wrong.',
  ),
  serviceContracted: failure(
    'SERVICE_CONTRACTED',
    (what: string, tag: string, contract: string) =>
      `${what} is under the contract ${contract || 'that its tag names'} (tag ${tag}), and cannot be worked on without it.`,
    'Use the workflow of the contract (deliver.yml, rollback.yml, verify.yml), which leaves a record. If the tag is wrong, the provider takes it away.',
  ),
};
