import type { ServiceAgreement } from '@tenant-delivery/tenancy/contract';
import type { AgreedEnvironment } from './agreed-environment.ts';
import { type Asked, faults, judged, ok, present, type Verdict, wrong } from './line.ts';
import { APPLY, madeAgain } from './made-by-stacks.ts';
import type { FoundTargetGroup, Sight } from './ports.ts';
import { tagLine } from './tag-line.ts';

/** A service, and what surrounds it: target group, log group, scaling, repository, tags. */
export function serviceLines(
  place: AgreedEnvironment,
  sight: Sight,
  name: string,
  agreed: ServiceAgreement,
  balancer: Promise<string | undefined>,
): readonly Asked[] {
  const { account } = sight;
  const { cluster } = place.environment;
  const service = account.service(cluster, name);
  const repository = account.repository(agreed.repository);
  const group = account.targetGroup(agreed.targetGroup);
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
      judgedLogGroup(place, agreed, account.logGroup(agreed.logGroup)),
    ),
    line('/scaling', `scaling of ${name}`, judgedRange(place, name, agreed, account.range(cluster, name))),
    line('/repository', `repository ${agreed.repository}`, judgedRepository(place, agreed, repository)),
    tagLine(
      place,
      sight,
      {
        id: `service/${name}/repository/tags`,
        about: `tags of the repository ${agreed.repository}`,
        tag: 'aws ecr tag-resource',
        of: sharers(place, agreed),
      },
      repository,
    ),
  ];
}

/** The environments that deliver from the repository; the first makes it, or has to tag it. */
function sharers(
  { contract, name, environment: { region } }: AgreedEnvironment,
  { repository, provision }: ServiceAgreement,
): readonly string[] {
  const beside = Object.entries(contract.environments)
    .filter(([, other]) => other.region === region)
    .filter(([, { services }]) => Object.values(services).some((each) => each.repository === repository));
  return [...new Set([provision?.repositoryOf ?? name, name, ...beside.map(([other]) => other)])];
}

function judgedLogGroup(
  place: AgreedEnvironment,
  { logGroup, provision }: ServiceAgreement,
  asked: ReturnType<Sight['account']['logGroup']>,
): Promise<Verdict> {
  const byHand = `aws logs create-log-group --region ${place.environment.region} --log-group-name ${logGroup}`;
  const mend = provision ? madeAgain(place, 'services') : byHand;
  return judged(asked, (there) => (there ? ok('it is there') : wrong('there is none', mend)));
}

function judgedRepository(
  place: AgreedEnvironment,
  { repository, provision }: ServiceAgreement,
  asked: ReturnType<Sight['account']['repository']>,
): Promise<Verdict> {
  const { region, registry } = place.environment;
  const which = `--region ${region} --repository-name ${repository} --image-tag-mutability IMMUTABLE`;
  const maker = { ...place, name: provision?.repositoryOf ?? place.name };
  const mend = provision ? madeAgain(maker, 'services') : `aws ecr create-repository ${which}`;
  const absent = registry?.createIfMissing
    ? ok('there is none; the first build makes it')
    : wrong('there is none', mend);
  return present(asked, absent, ({ immutable, arn }) =>
    immutable ? ok(arn) : wrong('its tags can be moved', `aws ecr put-image-tag-mutability ${which}`),
  );
}

function judgedGroup(
  { environment: { vpc, loadBalancer } }: AgreedEnvironment,
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
  place: AgreedEnvironment,
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
