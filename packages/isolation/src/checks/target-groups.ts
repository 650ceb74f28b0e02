import type { Verdict } from '../check.ts';
import type { PlacedTargetGroup, Seen } from '../observed.ts';
import { combined, fail, pass, seen } from '../verdict.ts';

export interface ObservedTargetGroups {
  readonly agreed:
    | { readonly targetGroup: string; readonly loadBalancer: string; readonly vpc: string }
    | undefined;
  /** Tasks have addresses of their own (network mode awsvpc). */
  readonly addressed: boolean;
  /** What the service registers, alternate groups of blue/green included. */
  readonly attached: readonly {
    readonly targetGroup: string;
    readonly container: string;
    readonly port: number;
  }[];
  /** Ports that each container of the task definition maps. */
  readonly mapped: ReadonlyMap<string, readonly number[]>;
  readonly groups: Seen<readonly PlacedTargetGroup[]>;
}

export function judgeTargetGroups(observed: ObservedTargetGroups): Verdict {
  const { agreed, attached, groups } = observed;
  if (attached.length === 0) {
    return agreed
      ? fail(
          'the service is behind no load balancer',
          `Attach the service to the target group ${agreed.targetGroup}.`,
        )
      : pass('the service is behind no load balancer');
  }
  const ports = attached.map(({ container, port }) => judgePort(observed, container, port));
  const placed = seen(groups, (found) => {
    const each = attached.map(({ targetGroup }) =>
      judgeGroup(
        observed,
        targetGroup,
        found.find(({ arn }) => arn === targetGroup),
      ),
    );
    const named = found.map(({ name }) => name);
    const other =
      agreed && !named.includes(agreed.targetGroup)
        ? [
            fail(
              `the service is in ${named.join(', ') || 'no target group that exists'}`,
              `Attach the service to the agreed target group ${agreed.targetGroup}.`,
            ),
          ]
        : [];
    return combined([...each, ...other], '');
  });
  return combined([...ports, placed], '');
}

function judgePort({ mapped }: ObservedTargetGroups, container: string, port: number): Verdict {
  const ports = mapped.get(container);
  if (!ports) {
    return fail(
      `the balancer sends to a container ${container}, which the task definition does not have`,
      'Keep the name of the container that the service registers, or have the provider change the service.',
    );
  }
  return ports.includes(port)
    ? pass(`port ${port} of ${container} is mapped`)
    : fail(
        `the balancer sends to port ${port} of ${container}, which maps ${ports.join(', ') || 'none'}`,
        'Map the port in the task definition, or have the provider change the service.',
      );
}

function judgeGroup(
  { agreed, addressed }: ObservedTargetGroups,
  arn: string,
  group: PlacedTargetGroup | undefined,
): Verdict {
  if (!group)
    return fail(`there is no target group ${arn}`, 'Create it, or attach the service to another one.');
  const { name, type, vpc, balancers } = group;
  if (addressed && type !== 'ip') {
    return fail(
      `${name} takes targets by ${type}, tasks have addresses of their own`,
      'Use a target group of the type ip.',
    );
  }
  if (agreed && vpc !== agreed.vpc) {
    return fail(`${name} is in ${vpc ?? 'no VPC'}`, `Use a target group in the agreed VPC ${agreed.vpc}.`);
  }
  if (balancers.length === 0) {
    return fail(
      `${name} is on no listener, so its targets never become healthy`,
      'Send a listener or a rule of the balancer to the target group.',
    );
  }
  const names = balancers.map((balancer) => balancer.split('/').at(-2) ?? balancer);
  return agreed && !names.includes(agreed.loadBalancer)
    ? fail(
        `${name} is behind ${names.join(', ')}`,
        `Put the target group behind the agreed balancer ${agreed.loadBalancer}.`,
      )
    : pass(`${name} is behind ${names.join(', ')}`);
}
