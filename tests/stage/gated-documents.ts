import { DAY, type Image } from '@tenant-delivery/domain';

/** What the record keeps of an image that was built and allowed at `time`, for stories that begin behind the gate. */
export function gatedDocuments(
  image: Image,
  children: readonly { readonly platform: string; readonly digest: string }[],
  mediaType: string,
  time: number,
) {
  const none = { critical: 0, high: 0, medium: 0, low: 0, informational: 0, unknown: 0 };
  const now = new Date(time).toISOString();
  const until = new Date(time + DAY).toISOString();
  return {
    'image-record': {
      schemaVersion: 1,
      image,
      mediaType,
      platforms: children,
      revision: '0'.repeat(40),
      ref: 'refs/heads/main',
      inputsDigest: image.digest,
      base: [],
      builder: 'own',
      reused: false,
      pushedAt: now,
    },
    verdict: {
      schemaVersion: 1,
      subject: image,
      children: children.map((child) => ({ ...child, scan: 'COMPLETE' })),
      decision: 'allow',
      reasons: [],
      counts: none,
      limits: none,
      blocking: [],
      policyDigest: image.digest,
      floorDigest: image.digest,
      findingsDigest: image.digest,
      evaluatedAt: now,
      validUntil: until,
    },
  };
}
