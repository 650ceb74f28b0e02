import { nameMistakes } from '../../balancer/settings-mistakes.ts';
import type { Balancer, Listener, RuleAction } from '../../balancer/state.ts';
import { balancerRegions, balancerStore, elbArn, elbId } from '../../balancer/store.ts';
import { ec2Of } from '../../ec2/state.ts';
import { withinQuota } from '../../world/quotas.ts';
import { AwsError } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { changedNames } from '../compare-properties.ts';
import { describe, describedOf, forget } from '../described.ts';
import type { Making, Properties, ResourceType } from '../resource-type.ts';
import { actionOf, askBalancing, demandSettings, toldAction } from './balancing.ts';
import { tagList } from './tags.ts';
import { list, numberOf, structures, text } from './values.ts';

const BALANCER = 'AWS::ElasticLoadBalancingV2::LoadBalancer';
const LISTENER = 'AWS::ElasticLoadBalancingV2::Listener';

const balancer: ResourceType = {
  type: BALANCER,
  create: (world, made) => {
    const { properties, account, region } = made;
    if ((text(properties, 'Type') ?? 'application') !== 'application')
      throw new AwsError('NotImplemented', 'local-aws has application load balancers alone.', 501);
    const name = text(properties, 'Name') ?? made.newName(32);
    const path = `app/${name}/${elbId(account, region, name)}`;
    const scheme = properties['Scheme'] === 'internal' ? 'internal' : 'internet-facing';
    askBalancing(made, 'CreateLoadBalancer', `loadbalancer/app/${name}/*`, {
      'elasticloadbalancing:Scheme': scheme,
      'elasticloadbalancing:Subnet': list(properties, 'Subnets'),
      'elasticloadbalancing:SecurityGroup': list(properties, 'SecurityGroups'),
      'elasticloadbalancing:ListenerProtocol': undefined,
    });
    demandSettings(nameMistakes('load balancer', name));
    const { balancers } = balancerStore(world, account, region);
    if (Object.values(balancers).some((one) => one.name === name))
      throw new AwsError(
        'DuplicateLoadBalancerName',
        `A load balancer with the same name '${name}' exists, but with different settings`,
      );
    withinQuota({ world, account, region }, 'balancers', Object.keys(balancers).length);
    const arn = elbArn(account, region, `loadbalancer/${path}`);
    const number = Number.parseInt(elbId(account, region, name).slice(0, 8), 16);
    balancers[arn] = {
      arn,
      name,
      dnsName: `${scheme === 'internal' ? 'internal-' : ''}${name}-${number}.${region}.elb.amazonaws.com`,
      scheme,
      createdAt: world.clock.now(),
      listeners: [],
      ...placed(world, made),
    };
    balancerRegions(world, account)[name] = region;
    describe(world, made, BALANCER, arn, properties);
    return arn;
  },
  update: (world, id, made, before) => {
    const { balancers } = balancerStore(world, made.account, made.region);
    const resource = pathOf(id);
    for (const name of changedNames(before, made.properties))
      askBalancing(made, EDITS[name] ?? 'ModifyLoadBalancerAttributes', resource, {
        'elasticloadbalancing:Subnet': list(made.properties, 'Subnets'),
        'elasticloadbalancing:SecurityGroup': list(made.properties, 'SecurityGroups'),
      });
    balancers[id] = { ...found(world, made, id), ...placed(world, made) };
    describe(world, made, BALANCER, id, made.properties);
  },
  remove: (world, id, made) => {
    askBalancing(made, 'DeleteLoadBalancer', pathOf(id));
    const known = found(world, made, id);
    const said = structures(describedOf(world, made, BALANCER)[id] ?? {}, 'LoadBalancerAttributes');
    if (said.some(({ Key, Value }) => Key === 'deletion_protection.enabled' && String(Value) === 'true'))
      throw new AwsError(
        'OperationNotPermitted',
        `Load balancer '${id}' cannot be deleted because deletion protection is enabled`,
      );
    delete balancerStore(world, made.account, made.region).balancers[id];
    delete balancerRegions(world, made.account)[known.name];
    forget(world, made, BALANCER, id);
  },
  read: (world, id, made) => {
    const known = balancerStore(world, made.account, made.region).balancers[id];
    return (
      known && {
        ...describedOf(world, made, BALANCER)[id],
        ...(known.tags && { Tags: tagList(known.tags) }),
        Name: known.name,
        Scheme: known.scheme,
        Type: 'application',
        Subnets: known.zones.map(({ subnetId }) => subnetId),
        SecurityGroups: known.securityGroups,
      }
    );
  },
  attributes: (world, id, made) => {
    const known = found(world, made, id);
    return {
      LoadBalancerArn: id,
      LoadBalancerFullName: pathOf(id).replace('loadbalancer/', ''),
      LoadBalancerName: known.name,
      DNSName: known.dnsName,
      CanonicalHostedZoneID: 'Z32O12XQLNTSW2',
      SecurityGroups: known.securityGroups,
    };
  },
};

const EDITS: Readonly<Record<string, string>> = {
  SecurityGroups: 'SetSecurityGroups',
  Subnets: 'SetSubnets',
  Tags: 'AddTags',
};

/** `loadbalancer/app/name/id` */
const pathOf = (arn: string) => arn.split(':').slice(5).join(':');

/** Where it is: at least two zones ("CreateLoadBalancer", Elastic Load Balancing API reference). */
function placed(world: World, { properties, account, region }: Making) {
  const { subnets, securityGroups } = ec2Of(world, account, region);
  const zones = list(properties, 'Subnets').map((subnetId) => {
    const subnet = subnets[subnetId];
    if (!subnet) throw new AwsError('SubnetNotFound', `The subnet ID '${subnetId}' is not valid`);
    return { zone: subnet.zone, subnetId, vpc: subnet.vpc };
  });
  if (new Set(zones.map(({ zone }) => zone)).size < 2)
    throw new AwsError(
      'InvalidConfigurationRequest',
      'At least two subnets in two different Availability Zones must be specified',
    );
  const groups = list(properties, 'SecurityGroups');
  const lost = groups.find((id) => !securityGroups[id]);
  if (lost !== undefined)
    throw new AwsError('InvalidSecurityGroup', `The security group '${lost}' does not exist`);
  return {
    vpcId: zones[0]?.vpc ?? '',
    zones: zones.map(({ zone, subnetId }) => ({ zone, subnetId })),
    securityGroups: groups,
  };
}

function found(world: World, { account, region }: Making, arn: string): Balancer {
  const known = balancerStore(world, account, region).balancers[arn];
  if (known) return known;
  throw new AwsError('LoadBalancerNotFound', `Load balancer '${arn}' not found`);
}

const listener: ResourceType = {
  type: LISTENER,
  create: (world, made) => {
    const { properties } = made;
    const balancerArn = text(properties, 'LoadBalancerArn') ?? '';
    askBalancing(made, 'CreateListener', pathOf(balancerArn), ofProtocol(properties));
    const on = found(world, made, balancerArn);
    const port = numberOf(properties, 'Port') ?? 80;
    if (on.listeners.some((one) => one.port === port))
      throw new AwsError(
        'DuplicateListener',
        'A listener already exists on this port for this load balancer',
      );
    const { account, region } = made;
    withinQuota({ world, account, region }, 'listeners', on.listeners.length);
    const id = elbId(balancerArn, port);
    const arn = `${balancerArn.replace(':loadbalancer/', ':listener/')}/${id}`;
    const rule = `${arn.replace(':listener/', ':listener-rule/')}/${elbId(arn, 'default')}`;
    on.listeners.push({
      arn,
      port,
      rules: [{ arn: rule, priority: 'default', conditions: [], action: defaultAction(world, made) }],
    });
    describe(world, made, LISTENER, arn, properties);
    return arn;
  },
  update: (world, id, made) => {
    askBalancing(made, 'ModifyListener', pathOf(id), ofProtocol(made.properties));
    const { on, known } = foundListener(world, made, id);
    const port = numberOf(made.properties, 'Port') ?? known.port;
    const rule = known.rules.find(({ priority }) => priority === 'default');
    if (rule) rule.action = defaultAction(world, made);
    on.listeners.splice(on.listeners.indexOf(known), 1, { ...known, port });
    describe(world, made, LISTENER, id, made.properties);
  },
  remove: (world, id, made) => {
    askBalancing(made, 'DeleteListener', pathOf(id));
    const { on, known } = foundListener(world, made, id);
    on.listeners.splice(on.listeners.indexOf(known), 1);
    forget(world, made, LISTENER, id);
  },
  read: (world, id, made) => {
    const known = Object.values(balancerStore(world, made.account, made.region).balancers)
      .flatMap(({ listeners }) => listeners)
      .find(({ arn }) => arn === id);
    const rule = known?.rules.find(({ priority }) => priority === 'default');
    const said = describedOf(world, made, LISTENER)[id] ?? {};
    return (
      known &&
      rule && {
        ...said,
        Port: known.port,
        DefaultActions: toldAction(rule.action, structures(said, 'DefaultActions')),
      }
    );
  },
  attributes: (_world, id) => ({ ListenerArn: id }),
};

function defaultAction(world: World, made: Making): RuleAction {
  const [only, ...more] = structures(made.properties, 'DefaultActions');
  return actionOf(world, made, more.length > 0 ? undefined : only);
}

const ofProtocol = (properties: Properties) => ({
  'elasticloadbalancing:ListenerProtocol': text(properties, 'Protocol'),
  'elasticloadbalancing:SecurityPolicy': text(properties, 'SslPolicy'),
});

function foundListener(
  world: World,
  { account, region }: Making,
  arn: string,
): { on: Balancer; known: Listener } {
  for (const on of Object.values(balancerStore(world, account, region).balancers)) {
    const known = on.listeners.find((one) => one.arn === arn);
    if (known) return { on, known };
  }
  throw new AwsError('ListenerNotFound', `Listener '${arn}' not found`);
}

export const balancerTypes: readonly ResourceType[] = [balancer, listener];
