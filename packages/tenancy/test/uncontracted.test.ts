import { expect, test } from '@jest/globals';
import { CONTRACT_TAG } from '../src/contract-tag.ts';
import {
  clearUncontracted,
  requireUncontractedClearance,
  type SeenAlone,
  type Uncontracted,
} from '../src/uncontracted.ts';

const ARN = 'arn:aws:ecs:eu-west-1:111122223333';

function seen(more: Partial<SeenAlone> = {}): SeenAlone {
  const cluster = { arn: `${ARN}:cluster/main`, tags: {} };
  return {
    identity: { account: '111122223333', arn: 'arn:aws:sts::111122223333:assumed-role/ci/run' },
    region: 'eu-west-1',
    names: { cluster: 'main', service: 'web' },
    cluster,
    service: { arn: `${ARN}:service/main/web`, clusterArn: cluster.arn, tags: { team: 'web' } },
    ...more,
  };
}

test('a service of the own account that no contract is about may be changed, for ten minutes', () => {
  const clearance = clearUncontracted(seen(), 0);
  expect(clearance).toMatchObject({ cluster: 'main', service: 'web' });
  expect(() => requireUncontractedClearance(clearance, 600_000)).not.toThrow();
  expect(() => requireUncontractedClearance(clearance, 600_001)).toThrow('too long ago');
  const copied = { ...clearance } as Uncontracted; // what a careless caller might write
  expect(() => requireUncontractedClearance(copied, 0)).toThrow('was not given');
});

test.each<[string, string, Partial<SeenAlone>]>([
  [
    'a contracted cluster',
    'SERVICE_CONTRACTED',
    { cluster: { ...seen().cluster, tags: { [CONTRACT_TAG]: 'acme/prod' } } },
  ],
  [
    'a contracted service',
    'SERVICE_CONTRACTED',
    { service: { ...seen().service, tags: { [CONTRACT_TAG]: '' } } },
  ],
  [
    'a role of our own workflows',
    'CLEARANCE_REFUSED',
    {
      identity: {
        account: '111122223333',
        arn: 'arn:aws:sts::111122223333:assumed-role/td-prod-deploy/td-acme-prod-1-1',
      },
    },
  ],
  [
    'another account',
    'CLEARANCE_REFUSED',
    { identity: { account: '444455556666', arn: 'arn:aws:iam::444455556666:user/ci' } },
  ],
  ['another region', 'CLEARANCE_REFUSED', { region: 'eu-central-1' }],
  [
    'a service of another cluster',
    'CLEARANCE_REFUSED',
    { cluster: { arn: `${ARN}:cluster/other`, tags: {} } },
  ],
])('%s is left alone', (_, code, more) => {
  expect(() => clearUncontracted(seen(more), 0)).toThrow(expect.objectContaining({ code }));
});
