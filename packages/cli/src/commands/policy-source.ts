import { describeMistake } from '@tenant-delivery/action-kit/document';
import { Failure } from '@tenant-delivery/action-kit/failure';
import type { Reading } from '@tenant-delivery/action-kit/workspace';
import { type EffectivePolicy, policyOf } from '@tenant-delivery/findings/effective-policy';
import { meetPolicies } from '@tenant-delivery/findings/meet-policies';
import type { Policy, ScanWish } from '@tenant-delivery/findings/policy';
import { policyAlone, ScanPolicyFile, wishOf } from '@tenant-delivery/findings/policy-file';
import { TenantContract } from '@tenant-delivery/tenancy/contract';
import { breachIn, joinManifest, scanPolicyBeside } from '@tenant-delivery/tenancy/read-manifest';
import { readYaml } from '@tenant-delivery/tenancy/read-yaml';
import type { Io } from '../io.ts';
import { readGivenText } from './read-file.ts';
import { UsageError } from './usage-error.ts';

/** A policy as it is in force, with who said each value. */
export interface Met {
  readonly policy: Policy;
  readonly effective: EffectivePolicy;
}

export const SOURCES = {
  contract: { type: 'string' },
  environment: { type: 'string' },
  manifest: { type: 'string' },
  policy: { type: 'string' },
} as const;

type Given = { readonly [Name in keyof typeof SOURCES]?: string | undefined };
type Problems = { readonly problems: readonly string[] };

/** Of a contract and what a service wishes under it, or of a policy file alone. */
export async function meetIn(given: Given, io: Io): Promise<Met | Problems> {
  const { contract, environment, manifest, policy } = given;
  if (contract === undefined && environment === undefined && manifest === undefined && policy !== undefined)
    return alone(policy, io);
  if (!contract || !environment)
    throw new UsageError(
      'Give --contract and --environment, for a floor there must be; or --policy alone, for a gate without a contract.',
    );
  const agreed = readYaml(await readGivenText(contract, io), TenantContract);
  if ('mistakes' in agreed) return { problems: agreed.mistakes.map((mistake) => `${contract}: ${mistake}`) };
  const { [environment]: there } = agreed.document.environments;
  if (!there) throw new UsageError(`${contract} has no environment ${environment}.`);
  const wished = await wishIn({ manifest, policy }, io);
  if ('problems' in wished) return wished;
  const { policy: effective, breaches } = meetPolicies(there.scanFloor, wished.wish);
  if (breaches.length > 0)
    return {
      problems: breaches.map((breach) =>
        wished.scanFrom === undefined
          ? `${manifest}: ${describeMistake(breach)}`
          : breachIn(wished.scanFrom, breach),
      ),
    };
  return { policy: policyOf(effective), effective };
}

async function alone(file: string, io: Io): Promise<Met | Problems> {
  const read = readYaml(await readGivenText(file, io), ScanPolicyFile);
  if ('mistakes' in read) return { problems: read.mistakes.map((mistake) => `${file}: ${mistake}`) };
  const { policy: effective, mistakes } = policyAlone(read.document);
  if (mistakes.length > 0)
    return { problems: mistakes.map((mistake) => `${file}: ${describeMistake(mistake)}`) };
  return { policy: policyOf(effective), effective };
}

/** What the service wishes: in its manifest, in the file beside it, or in a policy file of that name. */
async function wishIn(
  { manifest, policy }: Pick<Given, 'manifest' | 'policy'>,
  io: Io,
): Promise<{ readonly wish: ScanWish | undefined; readonly scanFrom?: string } | Problems> {
  if (manifest === undefined) {
    if (policy === undefined) return { wish: undefined };
    const read = readYaml(await readGivenText(policy, io), ScanPolicyFile);
    if ('mistakes' in read) return { problems: read.mistakes.map((mistake) => `${policy}: ${mistake}`) };
    const { wish, mistakes } = wishOf(read.document);
    return mistakes.length > 0
      ? { problems: mistakes.map((mistake) => `${policy}: ${describeMistake(mistake)}`) }
      : { wish, scanFrom: policy };
  }
  const path = policy ?? scanPolicyBeside(manifest);
  const reading =
    policy === undefined ? await besideManifest(path, io) : textOf(await readGivenText(path, io));
  try {
    const joined = joinManifest(manifest, await readGivenText(manifest, io), { path, reading });
    return { wish: joined.manifest.scan, ...(joined.scanFrom && { scanFrom: joined.scanFrom }) };
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown;
    const file = thrown.code === 'SCAN_POLICY_INVALID' ? path : manifest;
    return { problems: thrown.details.map((detail) => `${file}: ${detail}`) };
  }
}

function textOf(text: string): Reading {
  return { kind: 'text', text };
}

async function besideManifest(path: string, io: Io): Promise<Reading> {
  return readGivenText(path, io).then(textOf, () => ({ kind: 'none', why: 'does not exist' }));
}
