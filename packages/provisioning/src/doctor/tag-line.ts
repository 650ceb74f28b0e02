import { CONTRACT_TAG } from '@tenant-delivery/tenancy/contract-tag';
import type { AgreedEnvironment } from './agreed-environment.ts';
import { type Asked, judged, ok, present, wrong } from './line.ts';
import type { Sight } from './ports.ts';

interface Tagged {
  readonly id: string;
  readonly about: string;
  /** The command that tags it. */
  readonly tag: 'aws ecs tag-resource' | 'aws ecr tag-resource';
}

/** The contract tag, by which roles know what they may change. */
export function tagLine(
  { contract, name, environment }: AgreedEnvironment,
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
