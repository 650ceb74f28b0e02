import type {
  ListTagsForResourceCommandInput,
  ListTagsForResourceCommandOutput,
  TagResourceCommandInput,
  TagResourceCommandOutput,
} from '@aws-sdk/client-ecs';
import type { Output } from '../../services/output.ts';
import { AwsError, type Call } from '../../world/service.ts';
import { taskArn } from '../describe-task.ts';
import { oneOffStore } from '../one-off/state.ts';
import { addTags, tagsOf } from '../tags.ts';
import { storeOf } from './find.ts';

export function tagResource(
  { resourceArn = '', tags }: TagResourceCommandInput,
  call: Call,
): Output<TagResourceCommandOutput> {
  mustExist(call, resourceArn);
  addTags(storeOf(call), resourceArn, tags ?? []);
  call.world.touched();
  return {};
}

export function listTagsForResource(
  { resourceArn = '' }: ListTagsForResourceCommandInput,
  call: Call,
): Output<ListTagsForResourceCommandOutput> {
  mustExist(call, resourceArn);
  return { tags: tagsOf(storeOf(call), resourceArn) };
}

function mustExist(call: Call, arn: string): void {
  const store = storeOf(call);
  const services = Object.values(store.services);
  const known = [
    ...Object.values(store.clusters).map((cluster) => cluster.arn),
    ...Object.values(store.families).flatMap((records) => records.map((record) => record.arn)),
    ...services.map((service) => service.arn),
    ...services.flatMap((service) => service.tasks.map((task) => taskArn(service, task))),
    ...Object.values(oneOffStore(call.world, call.account, call.region).tasks).map((task) =>
      taskArn(task.origin, task),
    ),
  ];
  if (!known.includes(arn)) {
    throw new AwsError('InvalidParameterException', `The specified resource ${arn} is not found.`);
  }
}
