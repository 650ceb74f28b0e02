import { failure } from '@tenant-delivery/action-kit/failure';

export const failures = {
  evidenceBroken: failure(
    'EVIDENCE_BROKEN',
    (change: string, problems: readonly string[]) => ({
      message: `The record of ${change} does not hold: ${problems.join('; ')}.`,
      details: problems,
    }),
    "Stop and tell the provider: somebody altered a stored record, or a key signed something it may not sign. Delete nothing: the vault's versions show what was there before.",
  ),
  changeNotFound: failure(
    'CHANGE_NOT_FOUND',
    (change: string, place: string) => `There is no change ${change} for ${place}.`,
    'Copy the whole id, chg_ and 26 letters and digits, from the summary of the run that opened the change, and check that tenant, environment and account are those of that run. In a workflow of your own, pass the `change` output of open-change.',
  ),
  changeOfOtherService: failure(
    'CHANGE_NOT_FOUND',
    (change: string, place: string, service: string) =>
      `There is no change ${change} for ${place}: it is a change of ${service}.`,
    "Give the change's own service, or the id of a change of this service. The summary of the run that opened the change names both.",
  ),
  changeMoved: failure(
    'CHANGE_MOVED',
    (change: string, from: string, now: string, wanted: string) =>
      `${change} was ${from} when this step began and is ${now} now, so it cannot become ${wanted}.`,
    'Another run has continued or ended this change. Start a new run, which opens a change of its own.',
  ),
  transitionNotAllowed: failure(
    'TRANSITION_NOT_ALLOWED',
    (change: string, state: string, wanted: string, why: string) =>
      `${change} is ${state} and cannot become ${wanted}: ${why}.`,
    'Run the steps in the order of deliver.yml, each in the job with its role.',
  ),
  eventUnverifiable: failure(
    'EVENT_UNVERIFIABLE',
    (change: string, to: string, problems: readonly string[]) => ({
      message: `The event that would make ${change} ${to} would not verify: ${problems.join('; ')}.`,
      details: problems,
    }),
    'If a key is not trusted, the provider adds its public half to the keys of the environment in the contract, and publishes the next serial. Otherwise this is a defect of tenant-delivery: open an issue with the log.',
  ),
  signingKeyUntrusted: failure(
    'EVENT_UNVERIFIABLE',
    (key: string, signs: string, trusted: string) =>
      `${key} signs with the public key ${signs}, and ${trusted} is trusted: nobody could verify what it signs.`,
    'Ask the provider to add the new public key to the keys of the environment in the contract, and to publish the next serial.',
  ),
  documentMissing: failure(
    'DOCUMENT_MISSING',
    (name: string, change: string) => `The record of ${change} names no document "${name}" yet.`,
    'Run the step that makes this document before this one.',
  ),
  documentAltered: failure(
    'DOCUMENT_ALTERED',
    (name: string, digest: string, found: string) => `The document "${name}" (${digest}) ${found}.`,
    "Stop and tell the provider: somebody removed or changed an object in the vault. Delete nothing: the vault's versions show what was there before.",
  ),
  lockHeld: failure(
    'LOCK_HELD',
    (service: string, by: string, since: string, until: string) =>
      `Another change is being deployed to ${service}: ${by} has held the lock since ${since}, until ${until}.`,
    'Wait for that change to end, then run again. To be faster, cancel its run: it records what it leaves behind and releases the lock. If its run was killed, the lock ends at the time in the message.',
  ),
  lockLost: failure(
    'LOCK_LOST',
    (service: string, by: string) => `This run no longer holds the lock of ${service}: ${by}.`,
    'Look at what the other change did, then start a new run. Nothing was changed after the lock was lost.',
  ),
};
