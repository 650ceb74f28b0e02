import type { Digest, Image } from '@tenant-delivery/domain';
import type { ChangeEvent } from '@tenant-delivery/evidence/change-event';
import { evidenceIn } from './change.ts';

/** A version that was verified somewhere, as the record of its change tells it. */
export interface VerifiedVersion {
  /** Digest of the event that says `verified`. */
  readonly head: Digest;
  readonly image: Image;
  /** Of the documents that were asked for. */
  readonly evidence: Readonly<Record<string, Digest>>;
}

/** What a change's whole record says of the version that it verified, or why it is no proof of one. */
export function verifiedVersion(
  id: string,
  events: readonly ChangeEvent[],
  documents: readonly string[],
): VerifiedVersion | { readonly why: string } {
  const state = events.at(-1)?.transition.to;
  const verified = events.find(({ transition }) => transition.to === 'verified');
  if (state === undefined) return { why: `there is no change ${id} of this service` };
  if (verified === undefined || !['verified', 'closed'].includes(state))
    return { why: `${id} is ${state}; a version counts that was verified there and stayed so` };
  const evidence = documents.map((name) => [name, evidenceIn(events, name)] as const);
  const absent = evidence.filter(([, digest]) => digest === undefined).map(([name]) => name);
  if (absent.length > 0) return { why: `the record of ${id} names no ${absent.join(', ')}` };
  const { name, digest } = verified.subject;
  return {
    head: verified.digest,
    image: { repositoryUri: name, digest: `sha256:${digest.sha256}` },
    evidence: Object.fromEntries(evidence.flatMap(([each, found]) => (found ? [[each, found]] : []))),
  };
}
