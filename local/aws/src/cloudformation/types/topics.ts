import type { CreateTopicCommandOutput, SubscribeCommandOutput } from '@aws-sdk/client-sns';
import { sns } from '../../services/sns.ts';
import { topicsOf } from '../../sns/state.ts';
import type { Making, Properties, ResourceType } from '../resource-type.ts';
import { given, knowing } from './network-properties.ts';
import { tagList, tagsIn } from './tags.ts';
import { list, text } from './values.ts';

const ATTRIBUTES = ['DisplayName', 'KmsMasterKeyId'] as const;

const topic: ResourceType = {
  type: 'AWS::SNS::Topic',
  create: async (_world, made) => {
    const { properties } = made;
    const said = ATTRIBUTES.map((name) => [name, text(properties, name)] as const);
    const { TopicArn = '' } = await made.perform<CreateTopicCommandOutput>(sns, 'CreateTopic', {
      Name: text(properties, 'TopicName') ?? made.newName(256),
      Attributes: Object.fromEntries(said.filter(([, value]) => value !== undefined)),
      Tags: tagList(tagsIn(properties) ?? {}),
    });
    return TopicArn;
  },
  update: async (_world, id, made, before) => {
    for (const name of ATTRIBUTES) {
      const [is, was] = [text(made.properties, name), text(before, name)];
      if (is !== was)
        await made.perform(sns, 'SetTopicAttributes', {
          TopicArn: id,
          AttributeName: name,
          AttributeValue: is ?? '',
        });
    }
    await retag(made, id, before);
  },
  remove: async (_world, id, made) => {
    await made.perform(sns, 'DeleteTopic', { TopicArn: id });
  },
  read: (world, id, { account, region }) => {
    const found = topicsOf(world, account, region)[id];
    return (
      found &&
      given({
        TopicName: found.name,
        DisplayName: found.attributes['DisplayName'],
        KmsMasterKeyId: found.attributes['KmsMasterKeyId'],
        ...(Object.keys(found.tags).length > 0 && { Tags: tagList(found.tags) }),
      })
    );
  },
  attributes: (_world, id) => ({ TopicArn: id, TopicName: id.split(':').at(-1) }),
};

async function retag(made: Making, ResourceArn: string, before: Properties): Promise<void> {
  const [is, was] = [tagsIn(made.properties) ?? {}, tagsIn(before) ?? {}];
  const gone = Object.keys(was).filter((key) => is[key] === undefined);
  if (Object.keys(is).length > 0) await made.perform(sns, 'TagResource', { ResourceArn, Tags: tagList(is) });
  if (gone.length > 0) await made.perform(sns, 'UntagResource', { ResourceArn, TagKeys: gone });
}

const subscription: ResourceType = {
  type: 'AWS::SNS::Subscription',
  create: async (_world, made) => {
    const { SubscriptionArn = '' } = await made.perform<SubscribeCommandOutput>(sns, 'Subscribe', {
      TopicArn: text(made.properties, 'TopicArn'),
      Protocol: text(made.properties, 'Protocol'),
      Endpoint: text(made.properties, 'Endpoint'),
      ReturnSubscriptionArn: true,
    });
    return SubscriptionArn;
  },
  update: () => {}, // each of its properties makes another one
  remove: async (_world, id, made) => {
    await made.perform(sns, 'Unsubscribe', { SubscriptionArn: id });
  },
  read: (world, id, { account, region }) => {
    const TopicArn = id.split(':').slice(0, 6).join(':');
    const found = topicsOf(world, account, region)[TopicArn]?.subscriptions[id];
    return found && { TopicArn, Protocol: found.protocol, Endpoint: found.endpoint };
  },
  attributes: (_world, id) => ({ Arn: id }),
};

/** One policy for each of its topics. A topic has SNS's own again once it is removed. */
const policy: ResourceType = {
  type: 'AWS::SNS::TopicPolicy',
  create: async (_world, made) => {
    await setPolicy(made, list(made.properties, 'Topics'), JSON.stringify(made.properties['PolicyDocument']));
    return made.newName();
  },
  update: async (_world, _id, made, before) => {
    const topics = list(made.properties, 'Topics');
    await setPolicy(made, topics, JSON.stringify(made.properties['PolicyDocument']));
    await setPolicy(
      made,
      list(before, 'Topics').filter((one) => !topics.includes(one)),
      '',
    );
  },
  remove: (world, _id, made) => {
    const there = topicsOf(world, made.account, made.region);
    return setPolicy(
      made,
      list(made.properties, 'Topics').filter((arn) => there[arn]),
      '',
    );
  },
  read: (world, _id, { account, region, properties }) => {
    const topics = list(properties, 'Topics').filter(
      (arn) => topicsOf(world, account, region)[arn]?.attributes['Policy'] !== undefined,
    );
    const [first] = topics;
    const text = topicsOf(world, account, region)[first ?? '']?.attributes['Policy'];
    return text === undefined ? undefined : { Topics: topics, PolicyDocument: JSON.parse(text) };
  },
  attributes: (_world, id) => ({ Id: id }),
};

async function setPolicy(made: Making, topics: readonly string[], value: string): Promise<void> {
  for (const TopicArn of topics)
    await made.perform(sns, 'SetTopicAttributes', {
      TopicArn,
      AttributeName: 'Policy',
      AttributeValue: value,
    });
}

export const topicTypes: readonly ResourceType[] = [
  knowing(['TopicName', 'DisplayName', 'KmsMasterKeyId', 'Tags'], topic),
  knowing(['TopicArn', 'Protocol', 'Endpoint'], subscription),
  knowing(['Topics', 'PolicyDocument'], policy),
];
