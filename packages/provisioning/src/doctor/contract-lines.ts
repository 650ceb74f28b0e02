import { Failure } from '@tenant-delivery/action-kit/failure';
import { canonicalJson } from '@tenant-delivery/domain';
import { contractKey } from '@tenant-delivery/tenancy/derived-names';
import { cutTo, openContract } from '@tenant-delivery/tenancy/sealed-contract';
import { highestSeen } from '@tenant-delivery/tenancy/seen-serials';
import { digestOf } from '@tenant-delivery/vault/objects';
import type { Stored } from '@tenant-delivery/vault/ports';
import type { AgreedEnvironment } from './agreed-environment.ts';
import { type Asked, judged, ok, present, type Verdict, wrong } from './line.ts';
import type { Sight } from './ports.ts';

const DAY = 86_400_000; // milliseconds
const SOON = 60; // days in which a contract must be renewed

/** What the contract itself says: how long it holds, and which releases the roles are to trust. */
export function agreementLines(
  place: AgreedEnvironment,
  newest: Promise<string | undefined>,
): readonly Asked[] {
  const { contract } = place;
  return [
    { id: 'contract/expiry', about: 'end of the contract', verdict: Promise.resolve(judgeExpiry(place)) },
    {
      id: 'contract/releases',
      about: 'releases in use',
      verdict: judged(newest, (tag) => judgeReleases(contract.releases ?? [], tag)),
    },
  ];
}

function judgeExpiry({ contract, at }: AgreedEnvironment): Verdict {
  const days = Math.floor((Date.parse(contract.expires) - at) / DAY);
  const mend = `Agree on a new end, raise the serial, and publish: tenant-delivery contract publish SIGNED --s3`;
  if (days < 0) return wrong(`it ended on ${contract.expires.slice(0, 10)}, so nothing is delivered`, mend);
  if (days < SOON) return wrong(`it ends in ${days} days`, mend);
  return ok(`${contract.expires.slice(0, 10)}, in ${days} days`);
}

function judgeReleases(releases: readonly string[], newest: string | undefined): Verdict {
  const named = releases.join(', ') || 'none';
  if (newest === undefined) return ok(`${named}; there is no release that they could be behind`);
  if (releases.includes(newest)) return ok(`${named}; ${newest} is the newest`);
  return wrong(
    `${named}; the newest is ${newest}, which the roles do not trust`,
    `Add ${newest} to releases in the contract, as docs/upgrading.md says`,
  );
}

/** The contract in force against this one, and against the memory of those that were in force before. */
export function publicationLines(place: AgreedEnvironment, { vault }: Sight): readonly Asked[] {
  const { name } = place;
  const stored = vault.read(contractKey(name));
  const seen = judged(Promise.all([stored, highestSeen(vault, name)]), ([read, highest]) => {
    const published = read && opened(place, read);
    if (published === undefined || 'verdict' in published)
      return ok(`${highest ? `serial ${highest.serial}` : 'none'}; what is published has a line of its own`);
    if (highest === undefined) return ok('none yet: the first delivery remembers what is published');
    return highest.serial <= published.serial
      ? ok(`serial ${highest.serial}`)
      : wrong(
          `serial ${highest.serial} was in force, and ${published.serial} is published, which every action refuses`,
          'Publish the newer one again: tenant-delivery contract publish SIGNED --s3',
        );
  });
  return [
    {
      id: 'contract/published',
      about: 'contract in force',
      verdict: present(
        stored,
        wrong('none is published', 'tenant-delivery contract publish SIGNED --s3'),
        (read) => judgePublished(place, read),
      ),
    },
    { id: 'contract/seen', about: 'highest serial that was in force', verdict: seen },
  ];
}

interface Published {
  readonly serial: number;
  readonly digest: string;
}

/** What a vault holds as contract, if it is one that counts; else what is wrong with it. */
function opened(
  { contract, name, trust, at }: AgreedEnvironment,
  { bytes }: Stored,
): Published | { readonly verdict: Verdict } {
  const place = contractKey(name);
  try {
    const signed = openContract(bytes, trust, { tenant: contract.id, environment: name, place, at });
    return { serial: signed.contract.serial, digest: signed.digest };
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown;
    return { verdict: wrong(thrown.message, thrown.remedy) };
  }
}

function judgePublished(place: AgreedEnvironment, read: Stored): Verdict {
  const { contract, name } = place;
  const found = opened(place, read);
  if ('verdict' in found) return found.verdict;
  const sign = `tenant-delivery contract sign FILE --environment ${name} --kms ALIAS --out SIGNED && tenant-delivery contract publish SIGNED --s3`;
  const { serial, digest } = found;
  if (serial < contract.serial) return wrong(`serial ${serial}; the file has ${contract.serial}`, sign);
  if (serial > contract.serial)
    return wrong(
      `serial ${serial}; the file has ${contract.serial} and is older`,
      `Bring the file of serial ${serial} here: git log -p -- tenants/${contract.id}.yaml`,
    );
  if (digest !== digestOf(canonicalJson(cutTo(contract, name))))
    return wrong(
      `serial ${serial}, as in the file, but with other content`,
      `Raise the serial, then: ${sign}`,
    );
  return ok(`serial ${serial}, as in the file`);
}
