import { inOrder } from '@tenant-delivery/action-kit/in-order';
import type { Service } from '@tenant-delivery/deployment/observed';
import { afterUpdate, type ServiceMembers } from '@tenant-delivery/deployment/service-members';
import { judgePlacement } from '@tenant-delivery/isolation/checks/placement';
import { judgeTargetGroups } from '@tenant-delivery/isolation/checks/target-groups';
import { judgeTaskRoles } from '@tenant-delivery/isolation/checks/task-roles';
import { needsOf } from '@tenant-delivery/isolation/needs';
import { parametersFromNetwork } from '@tenant-delivery/provisioning/stacks/service';
import type { ServiceAgreement } from '@tenant-delivery/tenancy/contract';
import type { Applying } from '../apply/applying.ts';
import type { VerifyWorld } from '../ports.ts';
import { stackNames } from '../wanted-stacks.ts';
import { type Finding, findingOf } from './findings.ts';
import { healthFinding } from './health-finding.ts';
import { looked } from './looked.ts';

/** Where a service is to be. */
interface Network {
  readonly vpc: string;
  readonly subnets: readonly string[];
  readonly groups: readonly string[];
}

/** Each service that was provisioned is where it was agreed, behind its target group, and healthy. */
export async function serviceFindings(world: VerifyWorld, applying: Applying): Promise<readonly Finding[]> {
  const { admission, plan } = applying;
  const { prefix, network } = stackNames(admission);
  const outputs = (await world.stacks(admission.target.region).describe(network))?.outputs ?? {};
  const found = await Promise.all(
    plan.stacks.map(async ({ name }) => {
      const called = name.slice(prefix.length);
      const agreement = admission.environment.services[called];
      const place = agreement && networkOf(admission, outputs, agreement);
      return place ? findingsOf(world, applying, called, agreement, place) : [];
    }),
  );
  return found.flat();
}

/** A network that is made has outputs; one that is adopted is in the contract. */
function networkOf(
  { environment: { adopt, vpc, layers } }: Applying['admission'],
  outputs: Readonly<Record<string, string>>,
  agreement: ServiceAgreement,
): Network {
  if (adopt) {
    const { subnets = [], securityGroups = [] } = layers[agreement.layer] ?? {};
    return { vpc: vpc.id ?? '', subnets, groups: securityGroups };
  }
  const takes = parametersFromNetwork(agreement);
  const output = (parameter: string) => outputs[takes[parameter] ?? ''] ?? '';
  return { vpc: output('VpcId'), subnets: output('Subnets').split(','), groups: [output('Group')] };
}

async function findingsOf(
  world: VerifyWorld,
  applying: Applying,
  called: string,
  agreement: ServiceAgreement,
  network: Network,
): Promise<readonly Finding[]> {
  const { cluster } = applying.admission.environment;
  const service = await world.services.service(cluster, called);
  if (service?.status !== 'ACTIVE') {
    const observed = service ? `it is ${service.status}` : `there is no service ${called} in ${cluster}`;
    return [{ check: `${called}: service`, result: 'fail', observed, remedy: 'Plan again.' }];
  }
  const members = afterUpdate(service);
  return [
    ...(await isolationFindings(world, applying, { called, agreement, network, service, members })),
    await healthFinding(world, applying.admission, called, members),
  ];
}

interface Made {
  readonly called: string;
  readonly agreement: ServiceAgreement;
  readonly network: Network;
  readonly service: Service;
  readonly members: ServiceMembers;
}

async function isolationFindings(
  { services, surroundings }: VerifyWorld,
  { admission: { contract, target, environment } }: Applying,
  { called, agreement, network, service, members }: Made,
): Promise<readonly Finding[]> {
  const { attached, subnets: subnetIds, securityGroups, publicAddress, tags } = members;
  const [current, subnets, groups] = await inOrder([
    services.taskDefinition(service.taskDefinition),
    looked('ec2:DescribeSubnets', surroundings.subnets(subnetIds)),
    looked(
      'elasticloadbalancing:DescribeTargetGroups',
      surroundings.targetGroups(attached.map(({ targetGroup }) => targetGroup)),
    ),
  ]);
  const needs = needsOf(current?.document ?? {});
  const roles = await Promise.all(
    needs.roles.map(async ({ purpose, named }) => ({
      purpose,
      named,
      role: await looked('iam:GetRole', surroundings.role(named.split('/').at(-1) ?? named)),
    })),
  );
  const agreed = {
    tenant: contract.id,
    environment: target.environment,
    vpc: network.vpc,
    zones: environment.zones,
    subnets: network.subnets,
    securityGroups: network.groups,
    targetGroup: agreement.targetGroup,
    loadBalancer: environment.loadBalancer.name,
  };
  const { executionMissing, addressed, mapped } = needs;
  return [
    findingOf(
      `${called}: placement`,
      judgePlacement({ agreed, subnetIds, securityGroups, publicAddress, tags, subnets }),
    ),
    findingOf(`${called}: target-group`, judgeTargetGroups({ agreed, addressed, attached, mapped, groups })),
    findingOf(`${called}: task-roles`, judgeTaskRoles({ account: target.account, roles, executionMissing })),
  ];
}
