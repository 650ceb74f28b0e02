import type { Vault } from '@tenant-delivery/vault/ports';

/** The vault as a machine sees it that may die. */
export function mortal(vault: Vault, machine: { readonly dead: boolean }): Vault {
  const alive =
    <Asked extends readonly unknown[], T>(ask: (...asked: Asked) => Promise<T>) =>
    async (...asked: Asked): Promise<T> => {
      if (machine.dead) throw new Error('the machine died');
      return ask(...asked);
    };
  return {
    read: alive(vault.read.bind(vault)),
    create: alive(vault.create.bind(vault)),
    replace: alive(vault.replace.bind(vault)),
    list: alive(vault.list.bind(vault)),
  };
}
