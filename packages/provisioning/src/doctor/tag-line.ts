import { CONTRACT_TAG } from '@tenant-delivery/tenancy/contract-tag';
import type { AgreedEnvironment } from './agreed-environment.ts';
import { type Asked, judged, ok, present, wrong } from './line.ts';
import type { Sight } from './ports.ts';

interface Tagged {
  readonly id: string;
  readonly about: string;
  /** The command that tags it. */
  readonly tag: 'aws ecs tag-resource' | 'aws ecr tag-resource';
  /** The environments whose tag it may have; this one alone when absent. */
  readonly of?: readonly string[];
}

/** The contract tag, by which roles know what they may change. */
export function tagLine(
  { contract, name, environment }: AgreedEnvironment,
  { account }: Sight,
  { id, about, tag, of = [name] }: Tagged,
  asked: Promise<{ readonly arn: string } | undefined>,
): Asked {
  const [agreed = '', ...more] = of.map((each) => `${contract.id}/${each}`);
  const [key, value] = tag.includes('ecr') ? ['Key', 'Value'] : ['key', 'value'];
  return {
    id,
    about,
    verdict: present(asked, ok('it is missing, as its own line says'), ({ arn }) =>
      judged(account.tags(arn), (tags) => {
        const there = tags[CONTRACT_TAG];
        if (there !== undefined && [agreed, ...more].includes(there)) return ok(`${CONTRACT_TAG}=${there}`);
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
