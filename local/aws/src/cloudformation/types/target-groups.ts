import { groupMistakes, nameMistakes, ruleMistakes } from '../../balancer/settings-mistakes.ts';
import type { Listener, ListenerRule, RuleCondition, TargetGroup } from '../../balancer/state.ts';
import {
  balancerStore,
  balancersUsing,
  countedRules,
  elbArn,
  elbId,
  findRule,
} from '../../balancer/store.ts';
import { ec2Of } from '../../ec2/state.ts';
import { withinQuota } from '../../world/quotas.ts';
import { AwsError } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { describe, describedOf, forget } from '../described.ts';
import type { Making, Properties, ResourceType } from '../resource-type.ts';
import { actionOf, askBalancing, demandSettings, toldAction } from './balancing.ts';
import { tagList } from './tags.ts';
import { list, numberOf, structure, structures, text } from './values.ts';

const GROUP = 'AWS::ElasticLoadBalancingV2::TargetGroup';
const RULE = 'AWS::ElasticLoadBalancingV2::ListenerRule';

const targetGroup: ResourceType = {
  type: GROUP,
  create: (world, made) => {
    const { properties, account, region } = made;
    const name = text(properties, 'Name') ?? made.newName(32);
    askBalancing(made, 'CreateTargetGroup', `targetgroup/${name}/*`);
    demandSettings(nameMistakes('target group', name));
    demandSettings(groupMistakes(properties));
    if (properties['TargetType'] !== 'ip' || (text(properties, 'Protocol') ?? 'HTTP') !== 'HTTP')
      throw new AwsError('NotImplemented', 'local-aws has target groups of addresses over HTTP alone.', 501);
    const { targetGroups } = balancerStore(world, account, region);
    if (Object.values(targetGroups).some((one) => one.name === name))
      throw new AwsError(
        'DuplicateTargetGroupName',
        `A target group with the same name '${name}' exists, but with different settings`,
      );
    const vpcId = text(properties, 'VpcId') ?? '';
    if (!Object.values(ec2Of(world, account, region).subnets).some(({ vpc }) => vpc === vpcId))
      throw new AwsError('ValidationError', `The VPC ID '${vpcId}' is not found`);
    withinQuota({ world, account, region }, 'targetGroups', Object.keys(targetGroups).length);
    const arn = elbArn(account, region, `targetgroup/${name}/${elbId(account, region, name)}`);
    targetGroups[arn] = {
      arn,
      name,
      vpcId,
      port: numberOf(properties, 'Port') ?? 80,
      createdAt: world.clock.now(),
      targets: [],
      ...settings(properties),
    };
    describe(world, made, GROUP, arn, properties);
    return arn;
  },
  update: (world, id, made) => {
    askBalancing(made, 'ModifyTargetGroup', pathOf(id));
    if (structures(made.properties, 'TargetGroupAttributes').length > 0)
      askBalancing(made, 'ModifyTargetGroupAttributes', pathOf(id));
    demandSettings(groupMistakes(made.properties));
    const known = found(world, made, id);
    balancerStore(world, made.account, made.region).targetGroups[id] = {
      ...known,
      ...settings(made.properties),
    };
    describe(world, made, GROUP, id, made.properties);
  },
  remove: (world, id, made) => {
    askBalancing(made, 'DeleteTargetGroup', pathOf(id));
    const store = balancerStore(world, made.account, made.region);
    if (balancersUsing(store, found(world, made, id)).length > 0)
      throw new AwsError('ResourceInUse', `Target group '${id}' is currently in use by a listener or a rule`);
    delete store.targetGroups[id];
    forget(world, made, GROUP, id);
  },
  read: (world, id, made) => {
    const known = balancerStore(world, made.account, made.region).targetGroups[id];
    if (!known) return undefined;
    const { healthCheck } = known;
    return {
      Protocol: 'HTTP',
      TargetType: 'ip',
      ...(known.tags && { Tags: tagList(known.tags) }),
      ...describedOf(world, made, GROUP)[id],
      Name: known.name,
      Port: known.port,
      VpcId: known.vpcId,
      HealthCheckPath: healthCheck.path,
      HealthCheckIntervalSeconds: healthCheck.intervalSeconds,
      HealthCheckTimeoutSeconds: healthCheck.timeoutSeconds,
      HealthyThresholdCount: healthCheck.healthyThreshold,
      UnhealthyThresholdCount: healthCheck.unhealthyThreshold,
      Matcher: { HttpCode: healthCheck.matcher },
    };
  },
  attributes: (world, id, made) => ({
    TargetGroupArn: id,
    TargetGroupFullName: pathOf(id),
    TargetGroupName: found(world, made, id).name,
    LoadBalancerArns: balancersUsing(
      balancerStore(world, made.account, made.region),
      found(world, made, id),
    ).map(({ arn }) => arn),
  }),
};

/** `targetgroup/name/id` */
const pathOf = (arn: string) => arn.split(':').slice(5).join(':');

/** "CreateTargetGroup" and "TargetGroupAttribute", with the defaults of Application Load Balancers. */
function settings(properties: Properties) {
  const attributes = Object.fromEntries(
    structures(properties, 'TargetGroupAttributes').map(({ Key, Value }) => [String(Key), String(Value)]),
  );
  const { 'deregistration_delay.timeout_seconds': delay = '300', 'slow_start.duration_seconds': slow = '0' } =
    attributes;
  return {
    healthCheck: {
      path: text(properties, 'HealthCheckPath') ?? '/',
      intervalSeconds: numberOf(properties, 'HealthCheckIntervalSeconds') ?? 30,
      timeoutSeconds: numberOf(properties, 'HealthCheckTimeoutSeconds') ?? 5,
      healthyThreshold: numberOf(properties, 'HealthyThresholdCount') ?? 5,
      unhealthyThreshold: numberOf(properties, 'UnhealthyThresholdCount') ?? 2,
      matcher: text(structure(properties, 'Matcher'), 'HttpCode') ?? '200',
    },
    deregistrationDelaySeconds: Number(delay),
    slowStartSeconds: Number(slow),
  };
}

function found(world: World, { account, region }: Making, arn: string): TargetGroup {
  const known = balancerStore(world, account, region).targetGroups[arn];
  if (known) return known;
  throw new AwsError('TargetGroupNotFound', `Target groups '${arn}' not found`);
}

const rule: ResourceType = {
  type: RULE,
  create: (world, made) => {
    const listenerArn = text(made.properties, 'ListenerArn') ?? '';
    askBalancing(made, 'CreateRule', pathOf(listenerArn));
    const on = listenerAt(world, made, listenerArn);
    const { account, region } = made;
    const rules = countedRules(balancerStore(world, account, region), on);
    withinQuota({ world, account, region }, 'listenerRules', rules.length);
    const arn = `${listenerArn.replace(':listener/', ':listener-rule/')}/${elbId(listenerArn, made.logicalId, world.clock.now())}`;
    place(on, ruleOf(world, made, arn));
    describe(world, made, RULE, arn, made.properties);
    return arn;
  },
  update: (world, id, made, before) => {
    askBalancing(made, 'ModifyRule', pathOf(id));
    if (before['Priority'] !== made.properties['Priority'])
      askBalancing(made, 'SetRulePriorities', pathOf(id));
    const on = listenerOf(world, made, id);
    const known = on.rules.find(({ arn }) => arn === id);
    const changed = ruleOf(world, made, id);
    if (known) on.rules.splice(on.rules.indexOf(known), 1);
    try {
      place(on, changed);
    } catch (refused) {
      if (known) place(on, known);
      throw refused;
    }
    describe(world, made, RULE, id, made.properties);
  },
  remove: (world, id, made) => {
    askBalancing(made, 'DeleteRule', pathOf(id));
    const on = listenerOf(world, made, id);
    on.rules.splice(0, on.rules.length, ...on.rules.filter(({ arn }) => arn !== id));
    forget(world, made, RULE, id);
  },
  read: (world, id, made) => {
    const known = findRule(balancerStore(world, made.account, made.region), id);
    const said = describedOf(world, made, RULE)[id] ?? {};
    return (
      known && {
        ...said,
        Priority: known.priority,
        Actions: toldAction(known.action, structures(said, 'Actions')),
      }
    );
  },
  attributes: (_world, id) => ({ RuleArn: id, IsDefault: false }),
};

function ruleOf(world: World, made: Making, arn: string): ListenerRule {
  demandSettings(ruleMistakes(made.properties));
  const [only, ...more] = structures(made.properties, 'Actions');
  return {
    arn,
    priority: numberOf(made.properties, 'Priority') ?? 0,
    conditions: structures(made.properties, 'Conditions').map(conditionOf),
    action: actionOf(world, made, more.length > 0 ? undefined : only),
  };
}

function conditionOf(given: Properties): RuleCondition {
  const field = given['Field'];
  if (field !== 'path-pattern' && field !== 'host-header')
    throw new AwsError('NotImplemented', `local-aws has no rules by ${field}.`, 501);
  const config = structure(given, field === 'path-pattern' ? 'PathPatternConfig' : 'HostHeaderConfig');
  const values = list(config, 'Values');
  return { field, values: values.length > 0 ? values : list(given, 'Values') };
}

/** By priority, the default rule last. */
function place(on: Listener, added: ListenerRule): void {
  if (on.rules.some(({ priority }) => priority === added.priority))
    throw new AwsError('PriorityInUse', `Priority '${added.priority}' is currently in use`);
  const order = ({ priority }: ListenerRule) =>
    priority === 'default' ? Number.POSITIVE_INFINITY : priority;
  const all = [...on.rules, added].sort((a, b) => order(a) - order(b));
  on.rules.splice(0, on.rules.length, ...all);
}

function listenerAt(world: World, { account, region }: Making, arn: string): Listener {
  const all = Object.values(balancerStore(world, account, region).balancers).flatMap(
    ({ listeners }) => listeners,
  );
  const known = all.find((one) => one.arn === arn);
  if (known) return known;
  throw new AwsError('ListenerNotFound', `Listener '${arn}' not found`);
}

function listenerOf(world: World, { account, region }: Making, arn: string): Listener {
  const all = Object.values(balancerStore(world, account, region).balancers).flatMap(
    ({ listeners }) => listeners,
  );
  const known = all.find(({ rules }) => rules.some((one) => one.arn === arn));
  if (known) return known;
  throw new AwsError('RuleNotFound', `Rule '${arn}' not found`);
}

export const targetTypes: readonly ResourceType[] = [targetGroup, rule];
