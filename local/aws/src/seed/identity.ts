import { managedPolicyMistakes, permissionMistakes } from '../iam/permission-grammar.ts';
import { trustMistakes } from '../iam/trust-grammar.ts';
import { keyPolicyMistakes } from '../kms/policy-grammar.ts';
import type { PolicyDocument } from '../policy/document.ts';
import { bucketPolicyMistakes } from '../s3/policy-grammar.ts';
import { iamOf, putManagedPolicy, putRole } from '../services/iam.ts';
import { putSigningKey } from '../services/kms.ts';
import { putBucket } from '../services/s3.ts';
import type { World } from '../world/world.ts';
import type { Place } from './place.ts';

/** A policy document as a provider has rendered it. */
export interface GivenDocument {
  readonly Version: string;
  readonly Statement: readonly unknown[];
}

/** What a provider applies in an account for one environment: `renderEnvironment` of our room `provisioning` answers it. */
export interface GivenIdentity {
  readonly provider: { readonly url: string; readonly audiences: readonly string[] };
  readonly roles: readonly {
    readonly name: string;
    readonly path: string;
    readonly description: string;
    readonly maxSessionDuration: number;
    readonly tags: Readonly<Record<string, string>>;
    readonly trust: GivenDocument;
    readonly policies: Readonly<Record<string, GivenDocument>>;
    readonly boundary?: { readonly arn: string; readonly document: GivenDocument };
  }[];
  readonly keys: readonly {
    readonly duty: string;
    readonly alias: string;
    readonly policy: GivenDocument;
  }[];
  readonly vault: {
    readonly bucket: string;
    readonly versioning: string;
    readonly retention: { readonly mode: 'COMPLIANCE' | 'GOVERNANCE'; readonly days: number };
    readonly policy: GivenDocument;
  };
}

/** The account's OIDC provider, every role of the environment, its signing keys and its vault. */
export function seedIdentity(world: World, place: Place, given: GivenIdentity): void {
  const { account, partition, region, contract, name } = place;
  const host = given.provider.url.replace('https://', '');
  iamOf(world, account).oidcProviders[host] = {
    arn: `arn:${partition}:iam::${account}:oidc-provider/${host}`,
    host,
    audiences: given.provider.audiences,
  };
  for (const role of given.roles) {
    if (role.boundary)
      putManagedPolicy(
        world,
        account,
        role.boundary.arn,
        policy(role.boundary.document, managedPolicyMistakes),
      );
    putRole(world, account, {
      partition,
      name: role.name,
      path: role.path,
      description: role.description,
      maxSessionDuration: role.maxSessionDuration,
      tags: role.tags,
      trust: policy(role.trust, (one) => trustMistakes(world, one)),
      policies: Object.fromEntries(
        Object.entries(role.policies).map(([called, document]) => [
          called,
          policy(document, permissionMistakes),
        ]),
      ),
      ...(role.boundary && { permissionsBoundary: role.boundary.arn }),
    });
  }
  for (const { duty, alias, policy: document } of given.keys)
    putSigningKey(world, account, region, {
      partition,
      alias,
      description: `Signs what the ${duty} job of ${contract.id} ${name} records`,
      policy: policy(document, (one) => keyPolicyMistakes(world, one)),
    });
  putBucket(world, {
    name: given.vault.bucket,
    account,
    region,
    versioned: given.vault.versioning === 'Enabled',
    lock: given.vault.retention,
    policy: policy(given.vault.policy, (one) => bucketPolicyMistakes(world, given.vault.bucket, one)),
  });
}

/** AWS would not have taken a document with mistakes: there is no such account. */
function policy(document: GivenDocument, mistakesIn: (document: object) => Iterable<string>): PolicyDocument {
  const mistakes = [...mistakesIn(document)];
  if (mistakes.length > 0) throw new Error(`AWS takes no such policy: ${mistakes.join('; ')}`);
  return document as PolicyDocument; // the evaluator reads it; a test plays every document of templates/iam
}
