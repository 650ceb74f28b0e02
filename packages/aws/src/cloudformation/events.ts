import type { StackEvent as AwsEvent } from '@aws-sdk/client-cloudformation';
import type { StackEvent } from '@tenant-delivery/provisioning/ports';
import { required, translated } from '../errors/translate.ts';
import { type CloudFormation, orAbsent } from './cloudformation-client.ts';

/**
 * The events of one request, oldest first. CloudFormation lists the newest first and gives every event of an operation the
 * token of its request, so reading ends with the first page that has none after one that had some: an operation's events
 * lie together.
 */
export async function eventsOf(
  cloudformation: CloudFormation,
  stack: string,
  token: string,
): Promise<readonly StackEvent[]> {
  const asked = { StackName: stack };
  const pages = cloudformation.pages((sdk, client) => sdk.paginateDescribeStackEvents({ client }, asked));
  const read = async () => {
    const found: StackEvent[] = [];
    for await (const page of pages) {
      const own = required(page.StackEvents, 'StackEvents').filter(
        (event) => event.ClientRequestToken === token,
      );
      if (found.length > 0 && own.length === 0) break;
      found.push(...own.map(eventOf));
    }
    return found.toReversed();
  };
  const events = await translated('cloudformation:DescribeStackEvents', orAbsent(read()));
  return events ?? [];
}

function eventOf(event: AwsEvent): StackEvent {
  return {
    id: required(event.EventId, 'EventId'),
    at: required(event.Timestamp, 'Timestamp').getTime(),
    logicalId: required(event.LogicalResourceId, 'LogicalResourceId'),
    physicalId: event.PhysicalResourceId || undefined,
    type: required(event.ResourceType, 'ResourceType'),
    status: required(event.ResourceStatus, 'ResourceStatus'),
    reason: event.ResourceStatusReason,
    token: event.ClientRequestToken,
  };
}
