import type { EnvironmentContract, TenantContract } from '@tenant-delivery/tenancy/contract';
import * as v from 'valibot';
import { environmentOf } from '../values.ts';

/** What the administrator's live templates say, as text; `undefined` where there is none. */
export interface LiveTemplates {
  readonly account: string | undefined;
  readonly provisioning: string | undefined;
}

/**
 * A contract that was published for one environment, with as much of the others as the administrator's templates need:
 * names, regions, clusters, and where images are copied to. The published contract does not say it, so the live templates
 * do, and this alone is taken from them: what is rendered from the answer is compared with them as a whole.
 */
export function withOtherEnvironments(
  contract: TenantContract,
  name: string,
  { account, provisioning }: LiveTemplates,
): TenantContract {
  const { dr: _, recovery: __, ...own } = environmentOf(contract, name);
  const copies = copiesIn(account);
  const others = othersIn(provisioning).filter((each) => each.name !== name);
  const [copying] = others.filter(({ region }) => region === own.region); // one list serves all of a region
  const read = others.map((other): readonly [string, EnvironmentContract] => {
    const replicatedTo = other === copying ? [...copies] : [];
    const { region, cluster } = other;
    return [other.name, { ...own, region, cluster, registry: { ...own.registry, replicatedTo } }];
  });
  return { ...contract, environments: { ...Object.fromEntries(read), ...contract.environments } };
}

interface Other {
  readonly name: string;
  readonly region: string;
  readonly cluster: string;
}

const Boundary = v.pipe(
  v.string(),
  v.parseJson(),
  v.looseObject({
    Resources: v.looseObject({
      Boundary: v.looseObject({
        Properties: v.looseObject({
          PolicyDocument: v.looseObject({
            Statement: v.array(
              v.looseObject({ Sid: v.optional(v.string()), Resource: v.optional(v.unknown()) }),
            ),
          }),
        }),
      }),
    }),
  }),
);

/** The environments that the boundary keeps away from, by the names of what they have. */
function othersIn(template: string | undefined): readonly Other[] {
  const read = v.safeParse(Boundary, template);
  if (!read.success) return [];
  const { Statement } = read.output.Resources.Boundary.Properties.PolicyDocument;
  const named = Statement.find(({ Sid }) => Sid === 'NothingOfAnotherEnvironment')?.Resource;
  const arns = [named].flat().filter((arn) => typeof arn === 'string');
  return arns.flatMap((arn, at) => {
    const [, region = '', name] = /:secretsmanager:([^:]+):\d+:secret:td\/([^/]+)\/\*$/.exec(arn) ?? [];
    const cluster = arns.slice(at).flatMap((each) => /:cluster\/(.+)$/.exec(each)?.[1] ?? [])[0];
    return name === undefined || cluster === undefined ? [] : [{ name, region, cluster }];
  });
}

const Account = v.pipe(
  v.string(),
  v.parseJson(),
  v.looseObject({
    Resources: v.looseObject({
      RegistryReplication: v.looseObject({
        Properties: v.looseObject({
          ReplicationConfiguration: v.looseObject({
            Rules: v.array(v.looseObject({ Destinations: v.array(v.looseObject({ Region: v.string() })) })),
          }),
        }),
      }),
    }),
  }),
);

/** The regions to which the account's registry copies images. */
function copiesIn(template: string | undefined): readonly string[] {
  const read = v.safeParse(Account, template);
  if (!read.success) return [];
  const { Rules } = read.output.Resources.RegistryReplication.Properties.ReplicationConfiguration;
  return Rules.flatMap(({ Destinations }) => Destinations.map(({ Region }) => Region));
}
