import type { AddTagsCommandInput, AddTagsCommandOutput } from '@aws-sdk/client-elastic-load-balancing-v2';
import { describe, describedOf } from '../cloudformation/described.ts';
import { tagList, tagsIn } from '../cloudformation/types/tags.ts';
import type { Output } from '../services/output.ts';
import { AwsError, type Call } from '../world/service.ts';
import { balancerStore } from './store.ts';

type Placed = Pick<Call, 'world' | 'account' | 'region'>;

const MOST = 50; // tags of a resource ("AddTags", Elastic Load Balancing API reference)

/** Where tags are kept: a stack's are among what it described, those of a seed beside the resource. */
function tagged(arn: string, { world, account, region }: Placed) {
  const { balancers, targetGroups } = balancerStore(world, account, region);
  const [kind, live] = arn.includes(':targetgroup/')
    ? (['TargetGroup', targetGroups[arn]] as const)
    : (['LoadBalancer', balancers[arn]] as const);
  const type = `AWS::ElasticLoadBalancingV2::${kind}`;
  return { kind, live, type, described: describedOf(world, { account, region }, type)[arn] };
}

export function tagsOfBalancing(arn: string, place: Placed): Readonly<Record<string, string>> {
  const { live, described } = tagged(arn, place);
  return tagsIn(described ?? {}) ?? live?.tags ?? {};
}

export function addTags(
  { ResourceArns = [], Tags = [] }: AddTagsCommandInput,
  call: Call,
): Output<AddTagsCommandOutput> {
  const added = Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value]));
  if (Object.keys(added).length < Tags.length)
    throw new AwsError('DuplicateTagKeys', 'A tag key was specified more than once');
  const other = ResourceArns.find((arn) => /:listener(-rule)?\//.test(arn));
  if (other !== undefined)
    throw new AwsError('NotImplemented', `local-aws keeps no tags of listeners and rules: ${other}.`, 501);
  const found = ResourceArns.map((arn) => ({ arn, ...tagged(arn, call) }));
  for (const { arn, kind, live } of found) {
    if (!live) throw new AwsError(`${kind}NotFound`, `${kind} '${arn}' not found`);
    if (Object.keys({ ...tagsOfBalancing(arn, call), ...added }).length > MOST)
      throw new AwsError('TooManyTags', `The limit of ${MOST} tags of '${arn}' was reached`);
  }
  for (const { arn, live, type, described } of found) {
    const tags = { ...tagsOfBalancing(arn, call), ...added };
    if (tagsIn(described ?? {})) describe(call.world, call, type, arn, { ...described, Tags: tagList(tags) });
    else Object.assign(live ?? {}, { tags });
  }
  call.world.touched();
  return {};
}
