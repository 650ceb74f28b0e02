import { parseArgs } from 'node:util';
import type { TrustFile } from '@tenant-delivery/evidence/trust';
import { thisTag } from '@tenant-delivery/release/this-release';
import type { TenantContract } from '@tenant-delivery/tenancy/contract';
import { contractStatus, type Published, publishedSerial } from '@tenant-delivery/tenancy/contract-status';
import type { Environment } from '@tenant-delivery/tenancy/derived-names';
import type { ContractFile } from '@tenant-delivery/tenancy/lint-uniqueness';
import type { Vault } from '@tenant-delivery/vault/ports';
import type { Io } from '../io.ts';
import { contractsIn } from './contract-files.ts';
import { PUBLISHED, publishedPlace } from './published-options.ts';
import { UsageError } from './usage-error.ts';

interface StatusWish {
  /** Opens the vault of an environment; absent when nobody asked for what is published. */
  readonly vault: ((place: Environment) => Vault) | undefined;
  readonly trust: TrustFile;
  /** Tag of the newest release; `undefined` before the first one. */
  readonly newest: string | undefined;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Lists each environment of each contract with what somebody has to do. Exit code 1 when there is something. */
async function tell(files: readonly ContractFile[], wish: StatusWish, io: Io): Promise<number> {
  const all = await Promise.all(
    files.map(async ({ contract }) => ({ contract, rows: await rowsOf(contract, wish) })),
  );
  let due = 0;
  for (const { contract, rows } of all) {
    for (const row of rows) {
      const releases = contract.releases?.join(', ') ?? 'no release';
      io.out(
        `${contract.id} ${row.environment}: serial ${contract.serial}, ${shown(row.published)}, ends ${contract.expires.slice(0, 10)}, trusts ${releases}`,
      );
      for (const sentence of row.due) io.out(`  ! ${sentence}`);
      due += row.due.length;
    }
  }
  return due > 0 ? 1 : 0;
}

async function rowsOf(contract: TenantContract, { vault, trust, newest, at }: StatusWish) {
  const { id: tenant, account } = contract;
  const asked = vault === undefined ? [] : Object.entries(contract.environments);
  const published = await Promise.all(
    asked.map(async ([environment, { region }]): Promise<readonly [string, Published]> => {
      const opened = vault?.({ tenant, environment, account, region });
      const found = opened && (await publishedSerial(opened, trust, { tenant, environment, at }));
      return [environment, found ?? { kind: 'none' }];
    }),
  );
  return contractStatus(contract, Object.fromEntries(published), { newest, at });
}

function shown(published: Published | undefined): string {
  if (published === undefined) return 'not compared with what is published';
  if (published.kind === 'serial') return `published ${published.serial}`;
  return published.kind === 'none' ? 'none published' : 'published unknown';
}

/** `contract status`: what is published of each contract, and what is due. */
export async function status(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: PUBLISHED,
  });
  if (positionals.length === 0) throw new UsageError('Name the contract files.');
  const { open, trust } = await publishedPlace(values, io);
  const wish = {
    vault: open,
    trust,
    newest: thisTag(),
    at: Date.now(),
  };
  return tell(await contractsIn(positionals, io), wish, io);
}
