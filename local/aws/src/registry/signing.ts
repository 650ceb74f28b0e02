import { refusalOf } from '../authorization/authorize.ts';
import type { Principal } from '../world/service.ts';
import type { World } from '../world/world.ts';
import { digestOf } from './digest.ts';
import { type Index, type Manifest, OCI_MANIFEST } from './manifest.ts';
import { matches, type Repository } from './store.ts';

/** Virtual milliseconds from a push to the registry's own signature. */
const SIGNED_AFTER = 3_000;

const SIGNATURE = 'application/vnd.cncf.notary.signature';
const EMPTY = Buffer.from('{}');

/** "Managed signing" (Amazon ECR user guide): what is pushed is signed with the profiles of the rules that fit. */
export interface Signing {
  rules: SigningRule[];
  /** By repository and digest: what was to be signed, and how it ended. */
  readonly signatures: Record<string, Signature[]>;
}

export interface SigningRule {
  readonly signingProfileArn: string;
  /** `*` matches any text. Without a filter every repository matches. */
  readonly filters: readonly string[];
}

export interface Signature {
  readonly signingProfileArn: string;
  readonly startedAt: number;
  /** Why there will be none. */
  readonly failure?: { readonly code: string; readonly reason: string };
}

export function signingOf(world: World, account: string, region: string): Signing {
  return world.state<Signing>('ecr-signing', account, region, () => ({ rules: [], signatures: {} }));
}

export function signaturesOf(world: World, repository: Repository, digest: string): readonly Signature[] {
  const { signatures } = signingOf(world, repository.registryId, repository.region);
  return signatures[`${repository.name} ${digest}`] ?? [];
}

export function isSigned(world: World, { startedAt }: Signature): boolean {
  return world.clock.now() - startedAt >= SIGNED_AFTER;
}

/**
 * Begins to sign what was pushed. The registry does it in the pusher's name, so a role that may not sign with the
 * profile fails it; documents about an image are not signed.
 */
export function sign(
  world: World,
  repository: Repository,
  digest: string,
  manifest: Manifest | Index,
  pusher: Principal | undefined,
): void {
  if (manifest.subject !== undefined) return;
  const { rules, signatures } = signingOf(world, repository.registryId, repository.region);
  const fitting = rules.filter(
    ({ filters }) => filters.length === 0 || filters.some((filter) => matches(filter, repository.name)),
  );
  const profiles = [...new Set(fitting.map(({ signingProfileArn }) => signingProfileArn))];
  if (profiles.length === 0) return;
  signatures[`${repository.name} ${digest}`] = profiles.map((signingProfileArn) => ({
    signingProfileArn,
    startedAt: world.clock.now(),
    ...failureOf(refusalToSign(world, repository, signingProfileArn, pusher)),
  }));
  world.clock.after(SIGNED_AFTER, () => keepSignatures(world, repository, digest));
}

function failureOf(refusal: string | undefined): Pick<Signature, 'failure'> {
  return refusal === undefined ? {} : { failure: { code: 'ACCESS_DENIED', reason: refusal } };
}

/** What has no pusher was put there by a seed. */
function refusalToSign(
  world: World,
  { region }: Repository,
  profile: string,
  principal: Principal | undefined,
): string | undefined {
  return refusalOf({ world, principal, region }, [{ action: 'signer:SignPayload', resource: profile }]);
}

/** A signature is a document about the image, found by its `subject`. */
function keepSignatures(world: World, repository: Repository, digest: string): void {
  const subject = repository.manifests[digest];
  if (subject === undefined) return;
  for (const { signingProfileArn, failure } of signaturesOf(world, repository, digest)) {
    if (failure !== undefined) continue;
    const envelope = Buffer.from(JSON.stringify({ signed: digest, signingProfileArn }));
    for (const blob of [EMPTY, envelope]) {
      world.blobs.put(blob);
      repository.blobs[digestOf(blob)] = true;
    }
    const text = JSON.stringify({
      schemaVersion: 2,
      mediaType: OCI_MANIFEST,
      artifactType: SIGNATURE,
      config: { mediaType: 'application/vnd.oci.empty.v1+json', digest: digestOf(EMPTY), size: EMPTY.length },
      layers: [{ mediaType: 'application/jose+json', digest: digestOf(envelope), size: envelope.length }],
      subject: { mediaType: subject.mediaType, digest, size: Buffer.byteLength(subject.text) },
    });
    repository.manifests[digestOf(Buffer.from(text))] = {
      mediaType: OCI_MANIFEST,
      text,
      pushedAt: world.clock.now(),
      subject: digest,
      artifactType: SIGNATURE,
    };
  }
  world.touched();
}
