import { s3Vault } from '@tenant-delivery/aws/s3/vault';
import type { Vault } from '@tenant-delivery/vault/ports';
import { vaultSuite as promises } from '@tenant-delivery/vault/vault-suite';
import { ACCOUNT, type Double, type Promised } from '../../stage/a-double.ts';
import { BUCKET, groundOf } from './ground.ts';

/** A vault under a folder of its own: the bucket forgets nothing from one promise to the next. */
async function vaultUnder(double: Double, folder: string): Promise<Vault> {
  await groundOf(double);
  const vault = s3Vault(double.config, BUCKET, ACCOUNT);
  return {
    read: (key) => vault.read(`${folder}/${key}`),
    create: (key, bytes) => vault.create(`${folder}/${key}`, bytes),
    replace: (key, bytes, ifVersion) => vault.replace(`${folder}/${key}`, bytes, ifVersion),
    list: async (prefix, after, shape) =>
      (await vault.list(`${folder}/${prefix}`, after && `${folder}/${after}`, shape)).map((key) =>
        key.slice(folder.length + 1),
      ),
  };
}

/** The promises that every vault keeps, in S3. */
export const vaultSuite: readonly Promised[] = promises.map(({ promise, keep }, index) => ({
  promise,
  keep: (double) => keep(() => vaultUnder(double, `suite-${index}`)),
}));
