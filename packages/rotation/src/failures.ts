import { failure } from '@tenant-delivery/action-kit/failure';

export const failures = {
  journalBroken: failure(
    'ROTATION_JOURNAL_BROKEN',
    (key: string, problem: string) =>
      `The journal of the rotation cannot be believed: ${key} ${problem}. Nothing was changed.`,
    'Find out who wrote there: entries are only ever added, by this action. Nothing rotates until the journal is whole again; restore the entry from the version that the bucket keeps.',
  ),
};
