import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SecretHome } from '@tenant-delivery/credentials/secret-home';
import {
  type Holder,
  type Sharing,
  type Store,
  storeOf,
} from '@tenant-delivery/local-github/world/secret-store';
import { Secret } from '@tenant-delivery/rotation/secret';
import type { SecretConsumerOptions } from '../src/secrets/secret-consumer.ts';
import { permissionsFor } from '../src/secrets/secret-home.ts';
import { secretSlots } from '../src/secrets/secret-slots.ts';
import type { GithubClient } from '../src/session/github-client.ts';
import { githubStage, ORDERS } from './stage.ts';

const TEMPLATE = '../../../templates/workflow-templates/verify-slot.yml';

export const PROBE = { repository: ORDERS, workflow: 'verify-slot.yml', ref: 'main' };
export const REPOSITORY: SecretHome = { kind: 'repository', repository: ORDERS };
export const ENVIRONMENT: SecretHome = {
  kind: 'environment',
  repository: ORDERS,
  environment: 'acme prod',
};
export const ORGANISATION: SecretHome = { kind: 'organisation', organisation: 'acme' };

export const keyPair = (id: string, secret: string) => ({
  id,
  secret: Secret.born(secret, id, { mask: () => {} }),
});

export const optionsFor = (home: SecretHome): SecretConsumerOptions => ({
  home,
  name: 'AWS_KEY',
  repositories: [ORDERS],
  probe: PROBE,
  cadence: 86_400_000,
});

/** acme/orders with an environment and the workflow that proves a key, acme/billing beside it, and a time that tests move. */
export async function secretStage() {
  let now = Date.parse('2026-11-25T08:00:00Z');
  const workflow = await readFile(join(import.meta.dirname, TEMPLATE), 'utf8');
  const files = { '.github/workflows/verify-slot.yml': workflow };
  const stage = await githubStage({ now: () => now, files });
  const { github, orders, path } = stage;
  const billing = github.addRepository({ owner: 'acme', ownerId: 123456, name: 'billing', id: 2, path });
  const environment = github.setEnvironment(ORDERS, { name: 'acme prod' });
  const holders: Readonly<Record<SecretHome['kind'], Holder>> = {
    repository: { kind: 'repository', repository: orders },
    environment: { kind: 'environment', repository: orders, environment },
    organisation: { kind: 'organisation', organisation: orders.owner },
  };
  const held = ({ kind }: SecretHome): Store => storeOf(github.world, holders[kind]);
  const mint = (home: SecretHome) =>
    stage.asApp(
      permissionsFor(home),
      home.kind === 'organisation' ? { organisation: home.organisation } : { repositories: [ORDERS] },
    );
  const accesses = new Map<SecretHome, Promise<GithubClient>>();
  /** One token for each home, with what that home needs. */
  const accessTo = (home: SecretHome): Promise<GithubClient> => {
    const known = accesses.get(home) ?? mint(home);
    accesses.set(home, known);
    return known;
  };
  /** An organisation's owner makes one secret, seen by whom all are to be seen. */
  const keptByHand = (sharing: Sharing): void => {
    const name = 'AWS_KEY_ID_A';
    held(ORGANISATION).secrets.set(name, { name, value: 'none', createdAt: now, updatedAt: now, sharing });
  };
  return {
    ...stage,
    ...{ billing, holders, held, mint, accessTo, keptByHand },
    slotsIn: async (home: SecretHome) => secretSlots(await accessTo(home), optionsFor(home)),
    valuesIn: (home: SecretHome) =>
      Object.fromEntries([...held(home).secrets.values()].map(({ name, value }) => [name, value])),
    pass: (milliseconds: number) => {
      now += milliseconds;
    },
    /** What was there before the first test. */
    begin: () => {
      github.world.stores.clear();
      for (const each of [orders, billing]) each.runs.length = 0;
      keptByHand({ visibility: 'selected', selected: new Set([456789]) });
    },
  };
}
