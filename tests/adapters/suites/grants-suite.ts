import { CreateSecretCommand } from '@aws-sdk/client-secrets-manager';
import { expect } from '@jest/globals';
import { zoneReader } from '@tenant-delivery/aws/ec2/zone-reader';
import { ecrInspections } from '@tenant-delivery/aws/ecr/scan-findings';
import { breakGlassRole } from '@tenant-delivery/aws/iam/break-glass-role';
import { secretDates } from '@tenant-delivery/aws/secrets/secret-dates';
import type { PolicyDocument } from '@tenant-delivery/break-glass/policy-document';
import { type Promised, until } from '../../stage/a-double.ts';
import { groundOf, TRUST } from './ground.ts';

const NAMES = { role: 'ground-grant', policy: 'guard' };
const GUARD: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Deny', Action: 'iam:*', Resource: '*' }],
};

/** Grants of a role, and what is read of a registry, of zones and of secrets. */
export const grantsSuite: readonly Promised[] = [
  {
    promise: 'a role is guarded by one policy, and trusted by whom a grant names',
    keep: async (double) => {
      await groundOf(double);
      const role = breakGlassRole(double.config, double.once, NAMES);
      expect(await role.describe()).toMatchObject({
        boundary: undefined,
        longestSession: 3600,
        trust: TRUST,
      });
      expect(await role.guard()).toBeUndefined();
      expect(await role.putGuard(GUARD)).toBe('done');
      expect(await until(double, () => role.guard())).toEqual(GUARD);
      const Principal = { Service: 'ec2.amazonaws.com' };
      const other: PolicyDocument = {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' }],
      };
      expect(await role.putTrust(other)).toBe('done');
      await until(
        double,
        async () => JSON.stringify((await role.describe())?.trust).includes('ec2') || undefined,
      );
      expect((await role.describe())?.trust).toEqual(other);
    },
  },
  {
    promise: 'a role that is not there is not made',
    keep: async (double) => {
      const role = breakGlassRole(double.config, double.once, { ...NAMES, role: 'nobody' });
      expect(await role.describe()).toBeUndefined();
      expect(await role.putGuard(GUARD)).toEqual({ refused: expect.any(String) });
    },
  },
  {
    promise: 'a registry that nobody configured inspects by basic scans, when it is asked to',
    keep: async (double) => {
      await groundOf(double);
      const clock = { now: Date.now, sleep: double.sleep };
      const { mode } = ecrInspections({ ...double.session, clock }, 'gate');
      expect(await mode('ground/orders')).toEqual({ type: 'basic', frequency: 'MANUAL' });
    },
  },
  {
    promise: 'zones of a region are told by their ids',
    keep: async (double) => {
      const zones = await zoneReader(double.session, 'provision-plan')();
      expect(zones).toEqual(['euw1-az1', 'euw1-az2', 'euw1-az3']);
    },
  },
  {
    promise: 'secrets are found by how their names begin, with their tags and the dates of their versions',
    keep: async (double) => {
      const Tags = [{ Key: 'team', Value: 'orders' }];
      await double.secrets.send(new CreateSecretCommand({ Name: 'dated/one', SecretString: 'x', Tags }));
      const dates = secretDates(double.config);
      const found = await until(double, async () => (await dates.below('dated/')).at(0));
      expect(found).toEqual({ name: 'dated/one', tags: { team: 'orders' } });
      expect(await dates.find('dated/one')).toMatchObject({ deletedAt: undefined, tags: { team: 'orders' } });
      expect(await dates.find('dated/none')).toBeUndefined();
      expect(Object.values(await dates.versionDates('dated/one'))).toEqual([expect.any(Number)]);
    },
  },
];
