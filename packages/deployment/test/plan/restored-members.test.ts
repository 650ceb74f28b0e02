import * as sdk from '@aws-sdk/client-ecs';
import { describe, expect, it } from '@jest/globals';
import type { Json } from '@tenant-delivery/domain';
import fc from 'fast-check';
import { REVISION_MEMBERS, restoredMembers } from '../../src/plan/restored-members.ts';

const network = (...subnets: readonly string[]) => ({
  awsvpcConfiguration: { subnets: [...subnets], securityGroups: ['sg-app'], assignPublicIp: 'DISABLED' },
});
const THEN: { readonly [member: string]: Json } = {
  serviceRevisionArn: 'arn:aws:ecs:eu-west-1:000011112222:service-revision/acme-prod/orders/1',
  taskDefinition: 'arn:aws:ecs:eu-west-1:000011112222:task-definition/acme-prod-orders:1',
  launchType: 'FARGATE',
  platformVersion: '1.4.0',
  loadBalancers: [{ targetGroupArn: 'arn:tg/orders', containerName: 'orders', containerPort: 8080 }],
  networkConfiguration: network('subnet-a', 'subnet-b'),
};
const restored = (now: { readonly [member: string]: Json }, then = THEN) =>
  restoredMembers({ document: { ...THEN, ...now } }, { document: then });

/** Member names of a structure in the SDK's own schemas: `[kind, namespace, name, traits, members, …]`. */
function membersOf(schema: unknown): readonly string[] {
  const members: unknown = Array.isArray(schema) ? schema[4] : undefined;
  if (!Array.isArray(members) || members.length === 0)
    throw new TypeError('the SDK keeps its schemas elsewhere now');
  return members.map(String);
}

describe('what a rollback restores beside the task definition', () => {
  it('is nothing when nothing else changed, in whatever order AWS lists it', () => {
    expect(
      restored({ networkConfiguration: network('subnet-b', 'subnet-a'), serviceRegistries: [] }),
    ).toEqual({
      members: {},
      kept: [],
    });
  });

  it('is the network and the balancer as they were', () => {
    const { members, kept } = restored({ networkConfiguration: network('subnet-c'), loadBalancers: [] });
    expect(members).toEqual({
      networkConfiguration: THEN['networkConfiguration'],
      loadBalancers: THEN['loadBalancers'],
    });
    expect(kept).toEqual([]);
  });

  it('clears what came since, and takes capacity back with a new deployment', () => {
    const { members } = restored({
      capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }],
      volumeConfigurations: [{ name: 'data' }],
      serviceConnectConfiguration: { enabled: true, namespace: 'acme' },
    });
    expect(members).toEqual({
      capacityProviderStrategy: [],
      forceNewDeployment: true,
      volumeConfigurations: [],
      serviceConnectConfiguration: { enabled: false },
    });
  });

  it('says what stays as it is now, and pins no platform', () => {
    const without: { [member: string]: Json } = { ...THEN };
    delete without['networkConfiguration'];
    expect(restored({ platformVersion: '1.5.0' }, without)).toEqual({
      members: {},
      kept: ['networkConfiguration', 'platformVersion'],
    });
  });

  it('is never a count, and nothing that is the same', () => {
    const value = fc.jsonValue() as fc.Arbitrary<Json>; // JSON, as its name says
    const document = fc.dictionary(fc.constantFrom(...REVISION_MEMBERS, 'desiredCount', 'launchType'), value);
    fc.assert(
      fc.property(document, document, (now, then) => {
        const { members } = restoredMembers({ document: now }, { document: then });
        expect(members).not.toHaveProperty('desiredCount');
        const after = restoredMembers({ document: { ...now, ...members } }, { document: then });
        expect(Object.keys(after.members)).toEqual(
          'serviceConnectConfiguration' in after.members ? ['serviceConnectConfiguration'] : [], // off, where there was none
        );
        expect(restoredMembers({ document: then }, { document: then })).toEqual({ members: {}, kept: [] });
      }),
    );
  });

  it('looks at everything that a revision fixes and an update can set', () => {
    const update = new Set(membersOf(sdk.UpdateServiceRequest$));
    const both = membersOf(sdk.ServiceRevision$).filter(
      (name) => update.has(name) && name !== 'taskDefinition',
    );
    expect([...REVISION_MEMBERS].sort()).toEqual(both.sort());
  });
});
