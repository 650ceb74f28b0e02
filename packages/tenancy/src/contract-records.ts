import type { Vault } from '@tenant-delivery/vault/ports';

/** Where an environment's vault keeps who asked for each serial and who agreed. */
const prefixOf = (environment: string) => `contract/records/${environment}/`;

export function contractRecordKey(environment: string, serial: number): string {
  return `${prefixOf(environment)}${String(serial).padStart(16, '0')}.dsse.json`;
}

/** Every record, as it is signed, the oldest first. */
export async function contractRecords(
  vault: Pick<Vault, 'read' | 'list'>,
  environment: string,
): Promise<readonly Uint8Array[]> {
  const keys = await vault.list(prefixOf(environment));
  const stored = await Promise.all(keys.map((key) => vault.read(key)));
  return stored.flatMap((found) => (found ? [found.bytes] : []));
}
