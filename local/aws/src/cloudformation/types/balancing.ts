import type { RuleAction } from '../../balancer/state.ts';
import { balancerStore } from '../../balancer/store.ts';
import type { Context } from '../../policy/context.ts';
import { AwsError } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import type { Making, Properties } from '../resource-type.ts';
import { tagsIn } from './tags.ts';
import { structure, structures } from './values.ts';

/** Asks IAM about something of Elastic Load Balancing, with the tags that the template gives it. */
export function askBalancing(made: Making, action: string, resource: string, context: Context = {}): void {
  const { partition, region, account } = made;
  const tags = tagsIn(made.properties) ?? {};
  const about = (one: string, more: Context) => ({
    action: `elasticloadbalancing:${one}`,
    resource: `arn:${partition}:elasticloadbalancing:${region}:${account}:${resource}`,
    context: more,
    resourceTags: tags,
    requestTags: tags,
  });
  made.ask(about(action, context));
  // AWS's reference has AddTags for load balancers alone
  if (action === 'CreateLoadBalancer' && Object.keys(tags).length > 0)
    made.ask(about('AddTags', { 'elasticloadbalancing:CreateAction': action }));
}

/** Refuses what Elastic Load Balancing refuses, in the words of the first mistake. */
export function demandSettings([first]: Iterable<string>): void {
  if (first !== undefined) throw new AwsError('ValidationError', first);
}

/** What a listener or a rule does with a request: forwards it, or answers it itself. */
export function actionOf(
  world: World,
  { account, region }: Making,
  given: Properties | undefined,
): RuleAction {
  if (given?.['Type'] === 'fixed-response') {
    const { StatusCode, MessageBody = '' } = structure(given, 'FixedResponseConfig');
    return { kind: 'fixed-response', status: Number(StatusCode), body: String(MessageBody) };
  }
  if (given?.['Type'] !== 'forward')
    throw new AwsError('NotImplemented', 'local-aws forwards or answers a request, by one action.', 501);
  const listed = structures(structure(given, 'ForwardConfig'), 'TargetGroups');
  const groups = listed.length > 0 ? listed : [{ TargetGroupArn: given['TargetGroupArn'] }];
  const { targetGroups } = balancerStore(world, account, region);
  return {
    kind: 'forward',
    groups: groups.map(({ TargetGroupArn, Weight = 1 }) => {
      const targetGroupArn = String(TargetGroupArn);
      if (!targetGroups[targetGroupArn])
        throw new AwsError('TargetGroupNotFound', `Target groups '${targetGroupArn}' not found`);
      return { targetGroupArn, weight: Number(Weight) };
    }),
  };
}

/** An action as it is now, in the form in which the template gave it. */
export function toldAction(action: RuleAction, said: readonly Properties[]): readonly Properties[] {
  const [given = {}] = said;
  if (action.kind === 'fixed-response')
    return [
      {
        ...given,
        Type: 'fixed-response',
        FixedResponseConfig: {
          ...structure(given, 'FixedResponseConfig'),
          StatusCode: String(action.status),
          MessageBody: action.body,
        },
      },
    ];
  const [only, ...more] = action.groups;
  if (more.length === 0 && given['ForwardConfig'] === undefined)
    return [{ ...given, Type: 'forward', TargetGroupArn: only?.targetGroupArn }];
  const TargetGroups = action.groups.map(({ targetGroupArn, weight }) => ({
    TargetGroupArn: targetGroupArn,
    Weight: weight,
  }));
  return [{ Type: 'forward', ForwardConfig: { TargetGroups } }];
}
