import { failure } from '@tenant-delivery/action-kit/failure';

export const failures = {
  evidenceIncomplete: failure(
    'EVIDENCE_INCOMPLETE',
    (change: string, gaps: readonly string[]) => ({
      message: `${change} cannot be closed, because its evidence is not complete: ${gaps.join('; ')}.`,
      details: gaps,
    }),
    'Look at the steps that should have made the listed documents. The change stays open. If a document was altered, tell the provider.',
  ),
};
