import type {
  AdministrativeOverride,
  AnomalyDetection,
  DescribeTargetGroupAttributesCommandInput,
  DescribeTargetGroupAttributesCommandOutput,
  DescribeTargetGroupsCommandInput,
  DescribeTargetGroupsCommandOutput,
  DescribeTargetHealthCommandInput,
  DescribeTargetHealthCommandOutput,
  TargetDescription,
  TargetHealth,
  TargetHealthDescription,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { networkOf } from '../runtimes/network.ts';
import type { Output } from '../services/output.ts';
import { AwsError, type Call } from '../world/service.ts';
import { page } from './page.ts';
import type { BalancerStore, Target, TargetGroup } from './state.ts';
import { balancerStore, balancersUsing, notInUse } from './store.ts';
import { isShiftedAway } from './zonal-shift.ts';

export function describeTargetGroups(
  input: DescribeTargetGroupsCommandInput,
  call: Call,
): Output<DescribeTargetGroupsCommandOutput> {
  const store = storeOf(call);
  const all = Object.values(store.targetGroups);
  const { TargetGroupArns, Names, LoadBalancerArn } = input;
  if (LoadBalancerArn !== undefined && !store.balancers[LoadBalancerArn]) {
    throw new AwsError('LoadBalancerNotFoundException', `Load balancers '[${LoadBalancerArn}]' not found`);
  }
  const named =
    TargetGroupArns?.map((arn) => groupAt(store, arn)) ?? Names?.map((name) => groupNamed(all, name));
  const groups = (named ?? all).filter(
    (group) =>
      LoadBalancerArn === undefined ||
      balancersUsing(store, group).some(({ arn }) => arn === LoadBalancerArn),
  );
  const { items, next } = page(groups, input);
  return {
    TargetGroups: items.map((group) => ({
      TargetGroupArn: group.arn,
      TargetGroupName: group.name,
      Protocol: 'HTTP',
      Port: group.port,
      VpcId: group.vpcId,
      HealthCheckProtocol: 'HTTP',
      HealthCheckPort: 'traffic-port',
      HealthCheckEnabled: true,
      HealthCheckIntervalSeconds: group.healthCheck.intervalSeconds,
      HealthCheckTimeoutSeconds: group.healthCheck.timeoutSeconds,
      HealthyThresholdCount: group.healthCheck.healthyThreshold,
      UnhealthyThresholdCount: group.healthCheck.unhealthyThreshold,
      HealthCheckPath: group.healthCheck.path,
      Matcher: { HttpCode: group.healthCheck.matcher },
      LoadBalancerArns: balancersUsing(store, group).map(({ arn }) => arn),
      TargetType: 'ip',
      ProtocolVersion: 'HTTP1',
      IpAddressType: 'ipv4',
    })),
    ...next,
  };
}

export function describeTargetGroupAttributes(
  { TargetGroupArn }: DescribeTargetGroupAttributesCommandInput,
  call: Call,
): Output<DescribeTargetGroupAttributesCommandOutput> {
  const group = groupAt(storeOf(call), TargetGroupArn ?? '');
  const attributes = {
    'deregistration_delay.timeout_seconds': group.deregistrationDelaySeconds,
    'load_balancing.algorithm.type': 'round_robin',
    'load_balancing.cross_zone.enabled': 'use_load_balancer_configuration',
    'slow_start.duration_seconds': group.slowStartSeconds ?? 0,
    'stickiness.enabled': false,
    'stickiness.type': 'lb_cookie',
    'target_group_health.unhealthy_state_routing.minimum_healthy_targets.count': 1,
    'target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage': 'off',
  };
  return { Attributes: Object.entries(attributes).map(([Key, value]) => ({ Key, Value: String(value) })) };
}

export function describeTargetHealth(
  { TargetGroupArn, Targets, Include = [] }: DescribeTargetHealthCommandInput,
  call: Call,
): Output<DescribeTargetHealthCommandOutput> {
  const group = groupAt(storeOf(call), TargetGroupArn ?? '');
  const anomalies = Include.includes('AnomalyDetection') || Include.includes('All');
  const described = Targets
    ? Targets.map((asked) => healthOf(group, asked, call))
    : group.targets.map((target) => health(group, target, call));
  return {
    TargetHealthDescriptions: described.map((one) =>
      anomalies && one.Target ? { ...one, AnomalyDetection: anomaly(one.Target, call) } : one,
    ),
  };
}

function healthOf(group: TargetGroup, asked: TargetDescription, call: Call): TargetHealthDescription {
  const port = asked.Port ?? group.port;
  const target = group.targets.find((one) => one.id === asked.Id && one.port === port);
  if (target) return health(group, target, call);
  return {
    Target: { Id: asked.Id, Port: port },
    HealthCheckPort: String(port),
    TargetHealth: {
      State: 'unused',
      Reason: 'Target.NotRegistered',
      Description: 'Target is not registered to the target group',
    },
  };
}

function health(group: TargetGroup, target: Target, call: Call): TargetHealthDescription {
  return {
    Target: { Id: target.id, Port: target.port, AvailabilityZone: target.zone },
    HealthCheckPort: String(target.port),
    TargetHealth: standing(storeOf(call), group, target),
    AdministrativeOverride: override(target, call),
  };
}

function override({ zone }: Target, { world, account, region }: Call): AdministrativeOverride {
  if (isShiftedAway(world, account, region, zone))
    return {
      State: 'zonal_shift_active',
      Reason: 'AdministrativeOverride.ZonalShiftActive',
      Description: 'Zonal shift is active on the target',
    };
  return {
    State: 'no_override',
    Reason: 'AdministrativeOverride.NoOverride',
    Description: 'No override is currently active on target',
  };
}

/** Mitigation needs the algorithm weighted_random, which no target group here has. */
function anomaly({ Id = '' }: TargetDescription, { world, account, region }: Call): AnomalyDetection {
  const anomalous = networkOf(world).at(account, region, Id)?.anomalous() ?? false;
  return { Result: anomalous ? 'anomalous' : 'normal', MitigationInEffect: 'no' };
}

function standing(store: BalancerStore, group: TargetGroup, target: Target): TargetHealth {
  const current = target.health.standing;
  const unused = notInUse(store, group, target);
  if (unused !== undefined && current.state !== 'draining') {
    return { State: 'unused', Reason: 'Target.NotInUse', Description: unused };
  }
  switch (current.state) {
    case 'healthy':
      return { State: 'healthy' };
    case 'draining':
      return {
        State: 'draining',
        Reason: 'Target.DeregistrationInProgress',
        Description: 'Target deregistration is in progress',
      };
    case 'initial':
      return {
        State: 'initial',
        Reason: current.reason,
        Description:
          current.reason === 'Elb.RegistrationInProgress'
            ? 'Target registration is in progress'
            : 'Initial health checks in progress',
      };
    default:
      return { State: current.state, Reason: current.reason, Description: current.description };
  }
}

const storeOf = ({ world, account, region }: Call) => balancerStore(world, account, region);

function groupAt(store: BalancerStore, arn: string): TargetGroup {
  const found = store.targetGroups[arn];
  if (!found) throw new AwsError('TargetGroupNotFoundException', 'One or more target groups not found');
  return found;
}

function groupNamed(all: readonly TargetGroup[], name: string): TargetGroup {
  const found = all.find((group) => group.name === name);
  if (!found) throw new AwsError('TargetGroupNotFoundException', 'One or more target groups not found');
  return found;
}
