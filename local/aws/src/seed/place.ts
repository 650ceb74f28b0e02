import type { SeedContract, SeedEnvironment } from './contract.ts';

/** One environment of one tenant, with what the seeds need to know of it. */
export interface Place {
  readonly contract: SeedContract;
  readonly name: string;
  readonly environment: SeedEnvironment;
  readonly account: string;
  readonly region: string;
  readonly partition: string;
  readonly taskRoleArn: (family: string, kind: 'execution' | 'task') => string;
}

export function placeOf(contract: SeedContract, name: string, environment: SeedEnvironment): Place {
  const { account, partition } = contract;
  return {
    contract,
    name,
    environment,
    account,
    region: environment.region,
    partition,
    taskRoleArn: (family, kind) => `arn:${partition}:iam::${account}:role/td/${name}/tasks/${family}-${kind}`,
  };
}

/** What everything of an environment carries. */
export function tagsOf({ contract, name }: Place): Readonly<Record<string, string>> {
  const contracted = { 'tenant-delivery:contract': `${contract.id}/${name}` };
  return { tenant: contract.id, environment: name, ...contracted };
}
