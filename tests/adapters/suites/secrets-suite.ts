import { CreateSecretCommand, DeleteSecretCommand } from '@aws-sdk/client-secrets-manager';
import { expect } from '@jest/globals';
import { keyEscrow } from '@tenant-delivery/aws/secrets/key-escrow';
import { secretMetadata } from '@tenant-delivery/aws/secrets/secret-metadata';
import { secretStore } from '@tenant-delivery/aws/secrets/secret-store';
import { CURRENT, PENDING, PREVIOUS } from '@tenant-delivery/rotation/escrow';
import { Secret } from '@tenant-delivery/rotation/secret';
import { ACCOUNT, type Double, type Promised, until } from '../../stage/a-double.ts';

const masker = { mask() {} };
const VERSIONS = ['1', '2'].map((digit) => `00000000-0000-4000-8000-00000000000${digit}`);
const [FIRST = '', SECOND = ''] = VERSIONS;

const escrowOf = (double: Double, secret: string) =>
  keyEscrow(double.config, double.once, { account: ACCOUNT, secret, masker });
const keyPair = (id: string) => ({ id, secret: Secret.born(`the secret of ${id}`, id, masker) });

async function stagesOf(double: Double, secret: string) {
  const state = await escrowOf(double, secret).describe();
  if (state.kind !== 'usable') throw new Error(`the secret is ${state.kind}`);
  return Object.fromEntries(state.versions.map(({ id, stages }) => [id, [...stages].sort()]));
}

/** Versions and labels of secrets. */
export const secretsSuite: readonly Promised[] = [
  {
    promise: 'a secret that is not there is absent, and one without a value has no version',
    keep: async (double) => {
      const escrow = escrowOf(double, 'suite/empty');
      expect(await escrow.describe()).toEqual({ kind: 'absent' });
      await double.secrets.send(new CreateSecretCommand({ Name: 'suite/empty' }));
      await until(double, async () => (await escrow.describe()).kind === 'usable' || undefined);
      expect(await escrow.describe()).toEqual({ kind: 'usable', versions: [] });
      expect(await escrow.read(FIRST)).toBeUndefined();
    },
  },
  {
    promise: 'a value waits under its label until it is promoted, and the one before is kept',
    keep: async (double) => {
      const name = 'suite/pair';
      await double.secrets.send(new CreateSecretCommand({ Name: name }));
      const escrow = escrowOf(double, name);
      expect(await escrow.put(FIRST, keyPair('AKIAFIRST'))).toBe('done');
      expect(await escrow.put(FIRST, keyPair('AKIAFIRST'))).toBe('done'); // the same again changes nothing
      expect(await escrow.promote(FIRST, undefined)).toBe('done');
      expect(await escrow.settle(FIRST)).toBe('done');
      expect(await escrow.put(SECOND, keyPair('AKIASECOND'))).toBe('done');
      expect(await stagesOf(double, name)).toEqual({ [FIRST]: [CURRENT], [SECOND]: [PENDING] });
      expect(await escrow.promote(SECOND, FIRST)).toBe('done');
      expect(await escrow.settle(SECOND)).toBe('done');
      expect(await stagesOf(double, name)).toEqual({ [FIRST]: [PREVIOUS], [SECOND]: [CURRENT] });
      expect((await escrow.read(SECOND))?.id).toBe('AKIASECOND');
    },
  },
  {
    promise: 'a version is never given another value',
    keep: async (double) => {
      const name = 'suite/once';
      await double.secrets.send(new CreateSecretCommand({ Name: name }));
      const escrow = escrowOf(double, name);
      await escrow.put(FIRST, keyPair('AKIAFIRST'));
      expect(await escrow.put(FIRST, keyPair('AKIAOTHER'))).toEqual({ refused: expect.any(String) });
      expect((await escrow.read(FIRST))?.id).toBe('AKIAFIRST');
    },
  },
  {
    promise: 'a label is not taken from a version that does not have it',
    keep: async (double) => {
      const name = 'suite/labels';
      await double.secrets.send(new CreateSecretCommand({ Name: name }));
      const escrow = escrowOf(double, name);
      await escrow.put(FIRST, keyPair('AKIAFIRST'));
      await escrow.promote(FIRST, undefined);
      await escrow.put(SECOND, keyPair('AKIASECOND'));
      expect(await escrow.promote(SECOND, SECOND)).toEqual({ refused: expect.any(String) });
      expect((await stagesOf(double, name))[FIRST]).toContain(CURRENT);
    },
  },
  {
    promise:
      'a secret is told with when it changed, its replicas and all its versions, and never with a value',
    keep: async (double) => {
      const name = 'suite/told';
      await double.secrets.send(new CreateSecretCommand({ Name: name }));
      await escrowOf(double, name).put(FIRST, keyPair('AKIAFIRST'));
      const state = await secretStore(double.config, double.once, name, Date.now).describe();
      expect(state).toMatchObject({
        kind: 'usable',
        managed: false,
        versions: [{ id: FIRST, stages: expect.arrayContaining([PENDING, CURRENT]) }], // the first one is current at once
        changedAt: expect.any(Number),
        replicas: [],
      });
      expect(JSON.stringify(state)).not.toContain('AKIAFIRST');
    },
  },
  {
    promise: 'a secret that is being deleted is told to be',
    keep: async (double) => {
      const name = 'suite/gone';
      await double.secrets.send(new CreateSecretCommand({ Name: name, SecretString: 'x' }));
      await double.secrets.send(new DeleteSecretCommand({ SecretId: name }));
      const look = secretMetadata(double.config);
      await until(double, async () => (await look(name))?.deletedAt);
      expect(await escrowOf(double, name).describe()).toEqual({
        kind: 'unusable',
        why: 'is scheduled for deletion',
      });
    },
  },
];
