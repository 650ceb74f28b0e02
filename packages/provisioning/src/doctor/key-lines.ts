import { createPublicKey } from 'node:crypto';
import type { Duty } from '@tenant-delivery/domain';
import { keyIdOf } from '@tenant-delivery/evidence/keys';
import type { RenderedKey } from '../environment.ts';
import type { AgreedEnvironment } from './agreed-environment.ts';
import { type Asked, DOCUMENTS, faults, judged, ok, present, type Verdict, wrong } from './line.ts';
import { policyDifferences } from './policy-differences.ts';
import type { FoundKey, Sight } from './ports.ts';

/** Each duty's key: that it can sign, who may use it, and that what it signs is believed. */
export function keyLines(place: AgreedEnvironment, sight: Sight): readonly Asked[] {
  return place.rendered.keys.flatMap((key) => {
    const { duty } = key;
    const found = sight.account.key(key.alias);
    return [
      { id: `key/${duty}`, about: `key of the duty ${duty}`, verdict: judgedKey(place, key, found) },
      {
        id: `key/${duty}/policy`,
        about: `policy of the key of ${duty}`,
        verdict: judgedPolicy(place, sight, key, found),
      },
      {
        id: `key/${duty}/trust`,
        about: `trust in the key of ${duty}`,
        verdict: judgedTrust(place, sight, key, found),
      },
    ];
  });
}

const MISSING = ok('the key is missing, as its own line says');

function judgedKey(
  { environment: { region } }: AgreedEnvironment,
  { duty, alias }: RenderedKey,
  asked: Promise<FoundKey | undefined>,
): Promise<Verdict> {
  const make = `aws kms create-alias --region ${region} --alias-name ${alias} --target-key-id $(aws kms create-key --region ${region} --key-spec ECC_NIST_P256 --key-usage SIGN_VERIFY --policy file://${DOCUMENTS}/keys/${duty}.json --query KeyMetadata.KeyId --output text)`;
  return present(
    asked,
    wrong(`there is none with the alias ${alias}`, make),
    ({ arn, state, spec, usage }) => {
      const mend =
        state === 'PendingDeletion'
          ? `aws kms cancel-key-deletion --region ${region} --key-id ${arn} && aws kms enable-key --region ${region} --key-id ${arn}`
          : `aws kms enable-key --region ${region} --key-id ${arn}`;
      return faults(
        [
          ...(state === 'Enabled'
            ? []
            : [{ fault: `it is in the state ${state}, so it signs nothing`, mend }]),
          ...(spec === 'ECC_NIST_P256' && usage === 'SIGN_VERIFY'
            ? []
            : [
                {
                  fault: `it is for ${usage} with ${spec}, and ECC_NIST_P256 for SIGN_VERIFY is agreed`,
                  mend: make,
                },
              ]),
        ],
        arn,
      );
    },
  );
}

function judgedPolicy(
  { environment: { region } }: AgreedEnvironment,
  { account }: Sight,
  { duty, policy }: RenderedKey,
  asked: Promise<FoundKey | undefined>,
): Promise<Verdict> {
  return present(asked, MISSING, ({ arn }) =>
    judged(account.keyPolicy(arn), (found) => {
      const differences = policyDifferences(policy, found);
      if (differences.length === 0) return ok('as in the contract');
      return wrong(
        differences.join('; '),
        `aws kms put-key-policy --region ${region} --key-id ${arn} --policy-name default --policy file://${DOCUMENTS}/keys/${duty}.json`,
      );
    }),
  );
}

/** What a key signs is believed if its public half is trusted for this duty, tenant and environment, now. */
function judgedTrust(
  place: AgreedEnvironment,
  { account }: Sight,
  { duty, alias }: RenderedKey,
  asked: Promise<FoundKey | undefined>,
): Promise<Verdict> {
  const { contract, name, trust, at } = place;
  return present(asked, MISSING, ({ arn }) =>
    judged(account.publicKey(arn), (spki) => {
      const keyId = keyIdOf(createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' }));
      const own = (place.environment.keys ?? []).map((key) => ({
        ...key,
        tenant: contract.id,
        environment: name,
      }));
      const known = [...trust.keys, ...own].filter((key) => key.keyId === keyId);
      const believed = known.some(
        ({ duty: of, tenant, environment, from, until }) =>
          of === (duty satisfies Duty) &&
          tenant === contract.id &&
          environment === name &&
          Date.parse(from) <= at &&
          (until === undefined || at < Date.parse(until)),
      );
      if (believed) return ok(`key ${keyId.slice(0, 12)}…`);
      const why =
        known.length === 0 ? 'nobody trusts it' : `it is trusted for something else, or at another time`;
      return wrong(
        `KMS signs with key ${keyId.slice(0, 12)}…, and ${why}`,
        `Add the public half of ${alias} to the environment's keys in the contract: tenant-delivery contract complete FILE --environment ${name}`,
      );
    }),
  );
}
