import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import type { LocalAws, OperatorKey } from '@tenant-delivery/local-aws';
import { seedBaseImages } from '@tenant-delivery/local-aws/services/ecr';
import { completeContract } from '@tenant-delivery/provisioning/complete';
import { renderEnvironment } from '@tenant-delivery/provisioning/environment';
import { type Stack, stacksOf } from '@tenant-delivery/provisioning/stacks/stacks-of';
import type { Released } from '@tenant-delivery/provisioning/values';
import type { TenantContract } from '@tenant-delivery/tenancy/contract';

/** An empty account whose administrator has pushed the base image. Answers the contract with its digest, and the key of an operator. */
export async function emptyAccount(
  aws: LocalAws,
  contract: TenantContract,
): Promise<{ readonly contract: TenantContract; readonly operator: OperatorKey }> {
  const operator = await aws.seedTenant({ ...contract, environments: {} }, { identities: {} });
  const regions = new Set(Object.values(contract.environments).map(({ region }) => region));
  const pushed = [...regions].map(
    async (region) => [region, await seedBaseImages(aws.world, contract.account, region)] as const,
  );
  const images = new Map(await Promise.all(pushed));
  const environments = Object.entries(contract.environments).map(
    ([name, environment]) =>
      [
        name,
        { ...environment, probe: { image: `base/node@${images.get(environment.region)?.current}` } },
      ] as const,
  );
  return { contract: { ...contract, environments: Object.fromEntries(environments) }, operator };
}

/**
 * What an administrator applies with `aws cloudformation deploy`, from the files that `contract render` writes: the account,
 * what provisions, and the first foundation with vault, keys and roles. Everything else comes from recorded changes.
 */
export async function applyByHand(
  aws: LocalAws,
  contract: TenantContract,
  operator: OperatorKey,
  released: Released,
): Promise<void> {
  const made = new Set<string>();
  for (const name of Object.keys(contract.environments)) {
    const stacks = stacksOf(contract, name, renderEnvironment(contract, name, released));
    const byHand = stacks.filter(
      (stack) => stack.part === 'administrator' || stack.name === `td-${contract.id}-${name}-foundation`,
    );
    for (const stack of byHand) {
      if (made.has(stack.name)) continue;
      made.add(stack.name);
      await create(aws, stack, operator);
    }
  }
}

/** The next serial of a contract with what came of its network, as `contract complete` writes it into the file. */
export async function completed(
  aws: LocalAws,
  contract: TenantContract,
  credentials: OperatorKey,
): Promise<TenantContract> {
  const next = structuredClone(contract);
  for (const [name, { region }] of Object.entries(contract.environments)) {
    const cloudformation = new CloudFormationClient({ region, endpoint: aws.url, credentials });
    const StackName = `td-${contract.id}-${name}-network`;
    const { Stacks = [] } = await cloudformation.send(new DescribeStacksCommand({ StackName }));
    const outputs = (Stacks[0]?.Outputs ?? []).map(
      ({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue] as const,
    );
    const made = { network: Object.fromEntries(outputs), keys: [] };
    const dates = { now: new Date(aws.clock.now()).toISOString(), since: new Map<string, string>() };
    for (const { path, value } of completeContract(contract, name, made, dates).edits)
      setAt(next, path, value);
  }
  return next;
}

function setAt(object: object, [member = '', ...rest]: readonly (string | number)[], value: unknown): void {
  if (rest.length === 0) Reflect.set(object, member, value);
  else setAt(Object(Reflect.get(object, member)), rest, value);
}

async function create(
  aws: LocalAws,
  { name, region, template }: Stack,
  credentials: OperatorKey,
): Promise<void> {
  const cloudformation = new CloudFormationClient({ region, endpoint: aws.url, credentials });
  await cloudformation.send(
    new CreateStackCommand({
      StackName: name,
      TemplateBody: JSON.stringify(template),
      Capabilities: ['CAPABILITY_NAMED_IAM'],
    }),
  );
  for (;;) {
    const { Stacks = [] } = await cloudformation.send(new DescribeStacksCommand({ StackName: name }));
    const [stack] = Stacks;
    if (stack?.StackStatus === 'CREATE_COMPLETE') return;
    if (stack?.StackStatus !== 'CREATE_IN_PROGRESS')
      throw new Error(`${name} is ${stack?.StackStatus}: ${stack?.StackStatusReason ?? 'no reason given'}`);
    await aws.clock.sleep(1_000);
  }
}
