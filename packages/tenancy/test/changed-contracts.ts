import type { EnvironmentContract, TenantContract } from '../src/contract.ts';
import { lintContracts } from '../src/lint.ts';
import { acme } from './contracts.ts';

const NOW = Date.UTC(2026, 10, 24);

export const lint = (...contracts: readonly TenantContract[]) =>
  lintContracts(
    contracts.map((contract) => ({ file: `${contract.id}.yaml`, contract })),
    NOW,
  );

/** acme, with its production environment changed. */
export function prod(
  change: (environment: EnvironmentContract) => Partial<EnvironmentContract>,
): TenantContract {
  const contract = acme();
  const environment = contract.environments['prod'];
  if (!environment) throw new Error('acme has prod');
  return { ...contract, environments: { prod: { ...environment, ...change(environment) } } };
}

/** acme, with one of its environments, or it itself, named otherwise. */
export function renamed(environment: string, name: string, id = 'acme'): TenantContract {
  const { environments, ...contract } = acme();
  const entries = Object.entries(environments).map(([called, agreed]) => [
    called === environment ? name : called,
    agreed,
  ]);
  return { ...contract, id, environments: Object.fromEntries(entries) };
}

export const service = (change: object) => (environment: EnvironmentContract) => ({
  services: { orders: { ...environment.services['orders'], ...change } } as EnvironmentContract['services'], // one member changed
});
