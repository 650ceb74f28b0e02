import { instant } from '@tenant-delivery/action-kit/instant';
import { type Digest, isDigest } from '@tenant-delivery/domain';
import * as v from 'valibot';

const digest = v.custom<Digest>(
  (value) => typeof value === 'string' && isDigest(value),
  'is not a sha256 digest',
);

/** What was built and pushed, and from what. The build key signs it, and an image is reused only if such a record vouches for it. */
export const imageRecordSchema = v.strictObject({
  schemaVersion: v.literal(1),
  image: v.strictObject({ repositoryUri: v.string(), digest }),
  mediaType: v.string(),
  /** What tasks can run, read from the image configurations; attestations are left out. */
  platforms: v.array(v.strictObject({ platform: v.string(), digest })),
  /** Full commit id of the source. */
  revision: v.string(),
  /** `refs/heads/main`, as the run was started on. */
  ref: v.string(),
  /** Of the Dockerfile, the context's content, build arguments, base images and platform. */
  inputsDigest: digest,
  /** A base image outside the tenant's registry has no digest here, and then the image is never reused. */
  base: v.array(
    v.strictObject({
      reference: v.string(),
      digest: v.optional(digest),
      created: v.optional(instant()),
      newer: v.optional(digest),
    }),
  ),
  /** Which layers come from the base images, and which the build made. Absent if nobody can tell. */
  layers: v.optional(v.strictObject({ base: v.array(digest), own: v.array(digest) })),
  /** Documents about the image that the registry keeps beside it. Old records have none. */
  referrers: v.optional(
    v.array(v.strictObject({ kind: v.picklist(['sbom', 'provenance']), subject: digest, digest })),
  ),
  /**
   * For each platform, by their purls, the packages whose files are in the image although none of its package databases
   * names them any more. Old records have none.
   */
  vanished: v.optional(v.array(v.strictObject({ subject: digest, packages: v.array(v.string()) }))),
  /** If the contract asks for copies: the regions in which the registry says that it has one of the image and of each platform's image. */
  replicatedTo: v.optional(v.array(v.string())),
  /** Profiles with which the registry has said that it signed the image. */
  signedWith: v.optional(v.array(v.string())),
  builder: v.picklist(['own', 'buildx']),
  reused: v.boolean(),
  pushedAt: instant(),
});

export type ImageRecord = v.InferOutput<typeof imageRecordSchema>;
