import { canonicalJson, type Digest } from '@tenant-delivery/domain';
import type { Base } from './inputs-digest.ts';

/** Of a DSSE envelope with one statement ("in-toto Attestation Framework", envelope). */
export const PROVENANCE = 'application/vnd.in-toto.provenance+dsse';

/** Says how to read the parameters below. */
const BUILD_TYPE = 'https://tenant-delivery.dev/image-build/v1';

/** How an image was made. Nothing in it is secret: it has the names of secrets, never their values. */
export interface Making {
  readonly repositoryUri: string;
  /** The image's digest first, then those of its platforms. */
  readonly digests: readonly Digest[];
  /** The workflow that ran, with its ref: who answers for the build. */
  readonly builderId: string;
  /** Address of the run and its attempt. */
  readonly invocationId: string;
  /** Address of the source repository. */
  readonly source: string;
  readonly ref: string;
  readonly revision: string;
  /** What the caller of the build chose. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** What the build chose itself. */
  readonly internal: Readonly<Record<string, unknown>>;
  readonly base: readonly Base[];
  /** ISO 8601. */
  readonly startedOn: string;
  readonly finishedOn: string;
}

/** SLSA provenance v1 in an in-toto statement v1, as canonical JSON. */
export function provenanceOf(making: Making): Buffer {
  const { repositoryUri, digests, source, ref, revision, base } = making;
  const statement = {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [...new Set(digests)].map((digest) => ({ name: repositoryUri, digest: hex(digest) })),
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: {
      buildDefinition: {
        buildType: BUILD_TYPE,
        externalParameters: { source: { repository: source, ref }, ...making.parameters },
        internalParameters: making.internal,
        resolvedDependencies: [
          { uri: `git+${source}@${ref}`, digest: { gitCommit: revision } },
          ...base.map(({ reference, digest }) => ({
            uri: `oci://${reference}`,
            ...(digest === undefined ? {} : { digest: hex(digest) }),
          })),
        ],
      },
      runDetails: {
        builder: { id: making.builderId },
        metadata: {
          invocationId: making.invocationId,
          startedOn: making.startedOn,
          finishedOn: making.finishedOn,
        },
      },
    },
  };
  return Buffer.from(canonicalJson(statement));
}

function hex(digest: Digest) {
  return { sha256: digest.slice('sha256:'.length) };
}
