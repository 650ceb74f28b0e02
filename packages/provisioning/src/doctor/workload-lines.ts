import type { ServiceAgreement } from '@tenant-delivery/tenancy/contract';
import { CONTRACT_TAG } from '@tenant-delivery/tenancy/contract-tag';
import { type Asked, faults, judged, ok, present, type Verdict, wrong } from './line.ts';
import { madeAgain } from './made-by-stacks.ts';
import type { Place, Sight } from './place.ts';
import type { FoundSubnet, FoundTargetGroup, FoundThing } from './ports.ts';

/** What a delivery finds in the environment: cluster, balancer, subnets, and of each service what surrounds it. */
export function workloadLines(place: Place, sight: Sight): readonly Asked[] {
  const { cluster, loadBalancer, services } = place.environment;
  const found = sight.account.cluster(cluster);
  const balancer = sight.account.balancer(loadBalancer.name);
  const arnOfBalancer = balancer.then((is) => is?.arn);
  arnOfBalancer.catch(() => {}); // awaited where a target group is there; the balancer's own line says why it was not seen
  return [
    { id: 'cluster', about: `cluster ${cluster}`, verdict: judgedCluster(place, found) },
    tagLine(
      place,
      sight,
      { id: 'cluster/tags', about: `tags of the cluster ${cluster}`, tag: 'aws ecs tag-resource' },
      found,
    ),
    ...balancerLines(place, sight, balancer),
    ...layerLines(place, sight),
    ...Object.entries(services).flatMap(([name, agreed]) =>
      serviceLines(place, sight, name, agreed, arnOfBalancer),
    ),
  ];
}

const APPLY = 'Make it with provision.yml, or with the tool that made the others';

function judgedCluster(place: Place, asked: Promise<FoundThing | undefined>): Promise<Verdict> {
  const { cluster, region, network } = place.environment;
  const make = network
    ? madeAgain(place, 'network')
    : `aws ecs create-cluster --region ${region} --cluster-name ${cluster}`;
  return present(asked, wrong('there is none', make), ({ status, arn }) =>
    status === 'ACTIVE' ? ok(arn) : wrong(`it is ${status}`, make),
  );
}

interface Tagged {
  readonly id: string;
  readonly about: string;
  /** The command that tags it. */
  readonly tag: 'aws ecs tag-resource' | 'aws ecr tag-resource';
}

/** The contract tag, by which roles know what they may change. */
function tagLine(
  { contract, name, environment }: Place,
  { account }: Sight,
  { id, about, tag }: Tagged,
  asked: Promise<{ readonly arn: string } | undefined>,
): Asked {
  const agreed = `${contract.id}/${name}`;
  const [key, value] = tag.includes('ecr') ? ['Key', 'Value'] : ['key', 'value'];
  return {
    id,
    about,
    verdict: present(asked, ok('it is missing, as its own line says'), ({ arn }) =>
      judged(account.tags(arn), (tags) => {
        const there = tags[CONTRACT_TAG];
        if (there === agreed) return ok(`${CONTRACT_TAG}=${agreed}`);
        return wrong(
          there === undefined
            ? `${CONTRACT_TAG} is missing`
            : `${CONTRACT_TAG} is ${there}, and ${agreed} is agreed`,
          `${tag} --region ${environment.region} --resource-arn ${arn} --tags ${key}=${CONTRACT_TAG},${value}=${agreed}`,
        );
      }),
    ),
  };
}

function balancerLines(
  { environment }: Place,
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

function layerLines({ name, environment }: Place, { account }: Sight): readonly Asked[] {
  const { layers, vpc } = environment;
  const incomplete = wrong(
    'the contract does not name them yet',
    `npx tenant-delivery contract complete FILE --environment ${name}`,
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
  { vpc, zones, region }: Place['environment'],
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

function serviceLines(
  place: Place,
  sight: Sight,
  name: string,
  agreed: ServiceAgreement,
  balancer: Promise<string | undefined>,
): readonly Asked[] {
  const { account } = sight;
  const { cluster, region } = place.environment;
  const service = account.service(cluster, name);
  const repository = account.repository(agreed.repository);
  const group = account.targetGroup(agreed.targetGroup);
  const made = (byHand: string) => (agreed.provision ? madeAgain(place, 'services') : byHand);
  const line = (what: string, about: string, verdict: Promise<Verdict>) => ({
    id: `service/${name}${what}`,
    about,
    verdict,
  });
  return [
    line(
      '',
      `service ${name}`,
      present(service, wrong('there is none', APPLY), ({ status, arn }) =>
        status === 'ACTIVE' ? ok(arn) : wrong(`it is ${status}`, APPLY),
      ),
    ),
    tagLine(
      place,
      sight,
      { id: `service/${name}/tags`, about: `tags of the service ${name}`, tag: 'aws ecs tag-resource' },
      service,
    ),
    line('/target-group', `target group ${agreed.targetGroup}`, judgedGroup(place, group, balancer)),
    line(
      '/log-group',
      `log group ${agreed.logGroup}`,
      judged(account.logGroup(agreed.logGroup), (there) =>
        there
          ? ok('it is there')
          : wrong(
              'there is none',
              made(`aws logs create-log-group --region ${region} --log-group-name ${agreed.logGroup}`),
            ),
      ),
    ),
    line('/scaling', `scaling of ${name}`, judgedRange(place, name, agreed, account.range(cluster, name))),
    line(
      '/repository',
      `repository ${agreed.repository}`,
      present(
        repository,
        place.environment.registry?.createIfMissing
          ? ok('there is none; the first build makes it')
          : wrong(
              'there is none',
              made(
                `aws ecr create-repository --region ${region} --repository-name ${agreed.repository} --image-tag-mutability IMMUTABLE`,
              ),
            ),
        ({ immutable, arn }) =>
          immutable
            ? ok(arn)
            : wrong(
                'its tags can be moved',
                `aws ecr put-image-tag-mutability --region ${region} --repository-name ${agreed.repository} --image-tag-mutability IMMUTABLE`,
              ),
      ),
    ),
    tagLine(
      place,
      sight,
      {
        id: `service/${name}/repository/tags`,
        about: `tags of the repository ${agreed.repository}`,
        tag: 'aws ecr tag-resource',
      },
      repository,
    ),
  ];
}

function judgedGroup(
  { environment: { vpc, loadBalancer } }: Place,
  asked: Promise<FoundTargetGroup | undefined>,
  balancer: Promise<string | undefined>,
): Promise<Verdict> {
  return present(asked, wrong('there is none', APPLY), (found) =>
    judged(balancer, (arn) =>
      faults(
        [
          ...(found.type === 'ip'
            ? []
            : [
                {
                  fault: `its targets are ${found.type}, and must be ip`,
                  mend: 'Make another one: a type cannot be changed',
                },
              ]),
          ...(vpc.id === undefined || found.vpc === vpc.id
            ? []
            : [
                {
                  fault: `it is in ${found.vpc ?? 'no VPC'}, and ${vpc.id} is agreed`,
                  mend: 'Make another one: a target group keeps its VPC',
                },
              ]),
          ...(arn === undefined || found.balancers.includes(arn)
            ? []
            : [
                {
                  fault: `no listener of ${loadBalancer.name} sends to it`,
                  mend: `aws elbv2 create-rule --listener-arn LISTENER --priority N --conditions Field=path-pattern,Values=PATH --actions Type=forward,TargetGroupArn=${found.arn}`,
                },
              ]),
        ],
        `by address, on ${loadBalancer.name}`,
      ),
    ),
  );
}

function judgedRange(
  place: Place,
  name: string,
  { capacity: { base, maximum }, provision }: ServiceAgreement,
  asked: ReturnType<Sight['account']['range']>,
): Promise<Verdict> {
  const { cluster, region } = place.environment;
  const mend = provision
    ? madeAgain(place, 'services')
    : `aws application-autoscaling register-scalable-target --region ${region} --service-namespace ecs --scalable-dimension ecs:service:DesiredCount --resource-id service/${cluster}/${name} --min-capacity ${base} --max-capacity ${maximum}`;
  return present(asked, wrong('nothing scales it', mend), ({ minimum, maximum: most }) =>
    minimum === base && most === maximum
      ? ok(`${minimum} to ${most} tasks`)
      : wrong(`${minimum} to ${most} tasks, and ${base} to ${maximum} are agreed`, mend),
  );
}
