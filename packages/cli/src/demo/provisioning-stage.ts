import { evidenceIn } from '@tenant-delivery/delivery/change';
import type { Part } from '@tenant-delivery/domain';
import type { ChangeEvent } from '@tenant-delivery/evidence/change-event';
import { loadChange } from '@tenant-delivery/evidence/record';
import { getBytes } from '@tenant-delivery/vault/objects';
import type { Delivery, Stage } from './stage.ts';

/** The tenant whose account is empty. */
export const UMBRELLA = {
  tenant: 'umbrella',
  environment: 'prod',
  account: '000055556666',
  region: 'eu-west-1',
} as const;

type Door = 'provision' | 'verify-provision' | 'withdraw' | 'drift';

interface Provisioned {
  readonly tenant: string;
  readonly environment: string;
  readonly account: string;
  readonly region: string;
}

/** Starts a door in the operations repository, as an SRE; the customer's lead approves. */
export function provisioningOn(
  stage: Stage,
  starter = 'sre-kim',
  place: Provisioned = UMBRELLA,
  lead = 'lead-eli',
) {
  const { platform } = stage;
  const { contract, vault, operator } = platform.tenants[place.tenant] ?? missing();
  const { environment } = place;
  const repository = contract.operations.repository;
  const start = (
    door: Door,
    inputs: Readonly<Record<string, string>>,
    more: Partial<Parameters<Stage['run']>[0]> = {},
  ): Promise<Delivery> =>
    stage.run({
      repository,
      workflow: `.github/workflows/${door}.yml`,
      ref: 'refs/heads/main',
      event: 'workflow_dispatch',
      inputs: { ...place, ...inputs },
      actor: starter,
      approveAs: lead,
      ...more,
    });
  const events = (part: Part, change: string): Promise<readonly ChangeEvent[]> =>
    loadChange(vault(environment), platform.trust, { ...place, service: part }, change);
  return {
    contract,
    operator,
    start,
    provision: (part: Part, more: Partial<Parameters<Stage['run']>[0]> = {}) =>
      start('provision', { part }, more),
    events,
    states: async (part: Part, change: string) =>
      (await events(part, change)).map(({ transition }) => transition.to),
    document: async (
      part: Part,
      change: string,
      name: string,
    ): Promise<Readonly<Record<string, unknown>>> => {
      const digest = evidenceIn(await events(part, change), name) ?? missing();
      const bytes = await getBytes(vault(environment), digest);
      if (typeof bytes === 'string') throw new Error(`the ${name} of ${change} is ${bytes}`);
      return JSON.parse(Buffer.from(bytes).toString()) as Readonly<Record<string, unknown>>; // every document is an object
    },
  };
}

function missing(): never {
  throw new Error('the tenant is not on the stage');
}
