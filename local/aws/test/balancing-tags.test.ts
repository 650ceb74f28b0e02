import { beforeAll, expect, it } from '@jest/globals';
import { readReference } from '../src/authorization/reference.ts';
import { tagsOfBalancing } from '../src/balancer/tags.ts';
import { seedTargetGroup } from '../src/services/elasticloadbalancing.ts';
import { emptyAccount } from './a-network.ts';

beforeAll(readReference);

/** A target group, and hands that tag it. */
function prepared() {
  const { world, perform } = emptyAccount();
  const place = { world, account: '000011112222', region: 'eu-west-1' };
  const { arn } = seedTargetGroup(world, place.account, place.region, {
    ...{ name: 'shop', port: 80, vpcId: 'vpc-1', healthCheck: { path: '/' }, tags: { team: 'shop' } },
  });
  const add = (Tags: readonly object[], ResourceArns: readonly string[] = [arn]) =>
    perform('elasticloadbalancing', 'AddTags', { ResourceArns, Tags });
  return { arn, add, tags: () => tagsOfBalancing(arn, place) };
}

it('tags of a target group are added to those that it has', async () => {
  const { add, tags } = prepared();
  await add([{ Key: 'environment', Value: 'prod' }]);
  expect(tags()).toEqual({ team: 'shop', environment: 'prod' });
});

it('AddTags refuses two values of one key, more than 50 tags, and what is not there, and then changes nothing', async () => {
  const { arn, add, tags } = prepared();
  const twice = [
    { Key: 'a', Value: '1' },
    { Key: 'a', Value: '2' },
  ];
  await expect(add(twice)).rejects.toThrow('specified more than once');
  const many = Array.from({ length: 50 }, (_, at) => ({ Key: `k${at}`, Value: '' }));
  await expect(add(many)).rejects.toThrow('The limit of 50 tags');
  await expect(add([{ Key: 'a', Value: '1' }], [arn, `${arn}0`])).rejects.toThrow('not found');
  expect(tags()).toEqual({ team: 'shop' });
});
