import type { AgreedEnvironment } from './agreed-environment.ts';
import { type Asked, faults, judged, ok, present, type Verdict, wrong } from './line.ts';
import { APPLY } from './made-by-stacks.ts';
import type { FoundSubnet, Sight } from './ports.ts';

/** The balancer that every service of the environment is behind, and its listener. */
export function balancerLines(
  { environment }: AgreedEnvironment,
  { account }: Sight,
  asked: ReturnType<Sight['account']['balancer']>,
): readonly Asked[] {
  const { loadBalancer, vpc, region } = environment;
  const { name, scheme, listenerPort } = loadBalancer;
  return [
    {
      id: 'balancer',
      about: `balancer ${name}`,
      verdict: present(asked, wrong('there is none', APPLY), (found) =>
        faults(
          [
            ...(found.scheme === scheme
              ? []
              : [
                  {
                    fault: `it is ${found.scheme}, and must be ${scheme}`,
                    mend: 'Make another one: a scheme cannot be changed',
                  },
                ]),
            ...(vpc.id === undefined || found.vpc === vpc.id
              ? []
              : [
                  {
                    fault: `it is in ${found.vpc ?? 'no VPC'}, and ${vpc.id} is agreed`,
                    mend: 'Make another one: a balancer keeps its VPC',
                  },
                ]),
            ...(found.state === 'active'
              ? []
              : [
                  {
                    fault: `its state is ${found.state ?? 'not told'}`,
                    mend: `aws elbv2 describe-load-balancers --region ${region} --names ${name}`,
                  },
                ]),
          ],
          `${found.scheme}, in ${found.vpc}`,
        ),
      ),
    },
    {
      id: 'balancer/listener',
      about: `listener ${listenerPort} of ${name}`,
      verdict: present(asked, ok('the balancer is missing, as its own line says'), ({ arn }) =>
        judged(account.listenerPorts(arn), (ports) =>
          ports.includes(listenerPort)
            ? ok('it is there')
            : wrong(`there are listeners on ${ports.join(', ') || 'no port'} alone`, APPLY),
        ),
      ),
    },
  ];
}

/** The subnets that the contract names for each layer. */
export function layerLines({ name, environment }: AgreedEnvironment, { account }: Sight): readonly Asked[] {
  const { layers, vpc } = environment;
  const incomplete = wrong(
    'the contract does not name them yet',
    `tenant-delivery contract complete FILE --environment ${name}`,
  );
  return Object.entries(layers).map(([layer, { subnets }]) => ({
    id: `layer/${layer}`,
    about: `subnets of the layer ${layer}`,
    verdict:
      subnets === undefined || vpc.id === undefined
        ? Promise.resolve(incomplete)
        : judged(account.subnets(subnets), (found) => judgeSubnets(environment, layer, subnets, found)),
  }));
}

function judgeSubnets(
  { vpc, zones, region }: AgreedEnvironment['environment'],
  layer: string,
  subnets: readonly string[],
  found: readonly FoundSubnet[],
): Verdict {
  const mend = `aws ec2 describe-subnets --region ${region} --filters Name=vpc-id,Values=${vpc.id}: correct layers.${layer} in the contract by it`;
  const named = (fault: string) => ({ fault, mend });
  const gone = subnets.filter((id) => !found.some((subnet) => subnet.id === id));
  const without = zones.filter((zone) => !found.some(({ zoneId }) => zoneId === zone));
  return faults(
    [
      ...gone.map((id) => named(`${id} does not exist`)),
      ...found.filter((each) => each.vpc !== vpc.id).map((each) => named(`${each.id} is in ${each.vpc}`)),
      ...found
        .filter(({ zoneId }) => !zones.includes(zoneId))
        .map(({ id, zoneId }) => named(`${id} is in ${zoneId}`)),
      ...without.map((zone) => named(`none is in ${zone}`)),
    ],
    `${subnets.length} in ${zones.join(', ')}`,
  );
}
