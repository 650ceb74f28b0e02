import { ECSClient, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { type LocalAws, startLocalAws } from '@tenant-delivery/local-aws';
import { raiseFargateQuota } from '@tenant-delivery/local-aws/ecs/room';
import { ecsStore } from '@tenant-delivery/local-aws/ecs/store';
import { useImageSource } from '@tenant-delivery/local-aws/runtimes/image-source';
import { seedCluster, seedService } from '@tenant-delivery/local-aws/services/ecs';
import { seedBalancer, seedTargetGroup } from '@tenant-delivery/local-aws/services/elasticloadbalancing';
import { seedLogGroup } from '@tenant-delivery/local-aws/services/logs';
import { measureRow } from '../growth-row.ts';

const ACCOUNT = '000011112222';
const REGION = 'eu-west-1';
const CLUSTER = 'acme-prod';
const LOG_GROUP = '/td/acme/prod';
const IMAGE = `127.0.0.1/acme/orders@sha256:${'0'.repeat(64)}`;
const ZONES = [
  { id: 'subnet-a', zone: 'eu-west-1a', zoneId: 'euw1-az1', cidr: '10.0.0.0/17' },
  { id: 'subnet-b', zone: 'eu-west-1b', zoneId: 'euw1-az2', cidr: '10.0.128.0/17' },
];
/** Virtual seconds for all services, however many: more would be a local AWS that cannot follow its own clock. */
const LONGEST_S = 350;

await measureRow({
  work: 'roll all services of a cluster at once, simulated, at scale 30',
  n: 25,
  atMost: { processor: 12, calls: 8 },
  setUp: async (services) => {
    const aws = await startLocalAws({ scale: 30, runtime: 'simulated' });
    const { accessKeyId, secretAccessKey } = aws.addAccount(ACCOUNT);
    const ecs = new ECSClient({
      endpoint: aws.url,
      region: REGION,
      credentials: { accessKeyId, secretAccessKey },
    });
    raiseFargateQuota(aws.world, ACCOUNT, REGION, 1_000);
    seedServices(aws, services);
    await until(aws, ({ tasks }) => tasks.filter(({ healthy }) => healthy).length === 2);
    return {
      run: async () => {
        const before = aws.clock.now();
        await Promise.all(
          namesOf(services).map((service) =>
            ecs.send(new UpdateServiceCommand({ cluster: CLUSTER, service, forceNewDeployment: true })),
          ),
        );
        await until(
          aws,
          ({ deployments: [first, ...others] }) => first?.rollout === 'COMPLETED' && !others[0],
        );
        console.log(
          `${services} services rolled in ${Math.round((aws.clock.now() - before) / 1_000)} virtual s`,
        );
        return {};
      },
      close: () => aws.close(),
    };
  },
});

type ServiceState = ReturnType<typeof ecsStore>['services'][string];

async function until({ clock, world }: LocalAws, done: (service: ServiceState) => boolean): Promise<void> {
  const { services } = ecsStore(world, ACCOUNT, REGION);
  const latest = clock.now() + LONGEST_S * 1_000;
  while (!Object.values(services).every(done)) {
    if (clock.now() > latest)
      throw new Error(`not all services were done within ${LONGEST_S} virtual seconds`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function seedServices({ world }: LocalAws, services: number): void {
  useImageSource(world, {
    resolve: async () => ({
      digest: IMAGE.slice(IMAGE.indexOf('@') + 1),
      platform: { os: 'linux', architecture: 'amd64' },
      config: { cmd: ['node'], entrypoint: [], env: {}, workdir: '/', user: '', exposedPorts: [] },
      unpack: async () => undefined,
      blobs: () => {
        throw new Error('a simulated task reads no layers');
      },
    }),
  });
  const subnets = ZONES.map(({ id, zone }) => ({ id, zone }));
  seedCluster(world, ACCOUNT, REGION, { name: CLUSTER, subnets: ZONES });
  seedLogGroup(world, ACCOUNT, REGION, { name: LOG_GROUP });
  const network = { vpcId: 'vpc-1', securityGroups: ['sg-1'] };
  const balancer = { name: CLUSTER, scheme: 'internal', subnets, listenerPort: 80, ...network } as const;
  seedBalancer(world, ACCOUNT, REGION, balancer);
  for (const name of namesOf(services)) {
    const { arn } = seedTargetGroup(world, ACCOUNT, REGION, {
      ...{ name, port: 8080, vpcId: network.vpcId, healthCheck: { path: '/healthz' } },
      ...{ balancer: CLUSTER, rule: { paths: [`/${name}`] } },
    });
    seedService(world, ACCOUNT, REGION, {
      ...{ name, cluster: CLUSTER, family: name, container: { name: 'app', port: 8080 }, image: IMAGE },
      ...{ subnets: ZONES.map(({ id }) => id), securityGroups: network.securityGroups },
      ...{ targetGroupArn: arn, logGroup: LOG_GROUP, desiredCount: 2, gracePeriodSeconds: 0 },
      executionRoleArn: `arn:aws:iam::${ACCOUNT}:role/${name}`,
    });
  }
}

function namesOf(services: number): readonly string[] {
  return Array.from({ length: services }, (_, at) => `service-${at}`);
}
