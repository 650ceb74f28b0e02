import { resolve } from 'node:path';
import type { ParseArgsOptionsConfig } from 'node:util';
import { ambientVault } from '@tenant-delivery/aws/s3/ambient-vault';
import type { TrustFile } from '@tenant-delivery/evidence/trust';
import type { Environment } from '@tenant-delivery/tenancy/derived-names';
import { directoryVault } from '@tenant-delivery/vault/directory-vault';
import type { Vault } from '@tenant-delivery/vault/ports';
import type { Io } from '../io.ts';
import { soundContract } from './contract-files.ts';
import { trustFrom } from './read-trust.ts';
import { UsageError } from './usage-error.ts';

/** The options of commands that look at what is published: where, and whose signatures count. */
export const PUBLISHED = {
  vault: { type: 'string' },
  s3: { type: 'boolean', default: false },
  trust: { type: 'string' },
} as const satisfies ParseArgsOptionsConfig;

interface Said {
  readonly vault?: string | undefined;
  readonly s3: boolean;
  readonly trust?: string | undefined;
}

interface PublishedPlace {
  /** Opens the vault of an environment; absent when neither option names one. */
  readonly open: ((place: Environment) => Vault) | undefined;
  readonly trust: TrustFile;
}

/** The vault of the environment that a command names by one contract file and `--environment`. */
export async function vaultOf(
  positionals: readonly string[],
  values: Said & { readonly environment?: string | undefined },
  usage: string,
  io: Io,
) {
  const [file, ...more] = positionals;
  const { environment } = values;
  const { open, trust } = await publishedPlace(values, io);
  if (!file || more.length > 0 || !environment || !open) throw new UsageError(usage);
  const { id: tenant, account, environments } = await soundContract(file, environment, io);
  const region = environments[environment]?.region ?? '';
  return { file, tenant, environment, trust, vault: open({ tenant, environment, account, region }) };
}

export async function publishedPlace({ vault, s3, trust }: Said, io: Io): Promise<PublishedPlace> {
  if (s3 && vault !== undefined) throw new UsageError('Give either --vault DIR or --s3.');
  const folder = vault === undefined ? undefined : resolve(io.cwd, vault);
  const inFolder = folder === undefined ? undefined : () => directoryVault(folder);
  return { open: s3 ? ambientVault : inFolder, trust: await trustFrom(trust, io) };
}
