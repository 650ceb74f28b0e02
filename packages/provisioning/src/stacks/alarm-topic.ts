import { logicalId, type Resources, ref, type Tags, tagList } from './template.ts';

/** A topic that tells people by mail of what fails. Each has to confirm the first mail. */
export function alarmTopic(
  name: string,
  {
    account,
    notify,
    tags,
  }: { readonly account: string; readonly notify: readonly string[]; readonly tags: Tags },
): Resources {
  return {
    // Without encryption: CloudWatch and AWS Backup may not use the key that SNS has of its own.
    Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: name, Tags: tagList(tags) } },
    TopicPolicy: {
      Type: 'AWS::SNS::TopicPolicy',
      Properties: {
        Topics: [ref('Topic')],
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: { Service: ['cloudwatch.amazonaws.com', 'backup.amazonaws.com'] },
              Action: 'sns:Publish',
              Resource: ref('Topic'),
              Condition: { StringEquals: { 'aws:SourceAccount': account } },
            },
          ],
        },
      },
    },
    ...Object.fromEntries(
      notify.map((address) => [
        logicalId('mail', address),
        {
          Type: 'AWS::SNS::Subscription',
          Properties: { TopicArn: ref('Topic'), Protocol: 'email', Endpoint: address },
        },
      ]),
    ),
  };
}
