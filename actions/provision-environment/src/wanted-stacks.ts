import type { JobClaims } from '@tenant-delivery/delivery/claims';
import { renderEnvironment } from '@tenant-delivery/provisioning/environment';
import { type Stack, stacksOf } from '@tenant-delivery/provisioning/stacks/stacks-of';
import { lintNetwork } from '@tenant-delivery/tenancy/lint-network';
import { lintPorts } from '@tenant-delivery/tenancy/lint-ports';
import type { StacksAdmission } from '@tenant-delivery/tenancy/stacks-admission';

/** The stacks of the part that the signed contract asks for. */
export function wantedStacks(
  claims: Pick<JobClaims, 'jobWorkflowRef'>,
  admission: StacksAdmission,
): readonly Stack[] {
  return allStacks(claims, admission).filter(({ part }) => part === admission.part);
}

/** Those that the account's administrator makes by hand, but for what recovers the environment. */
export function administratorStacks(
  claims: Pick<JobClaims, 'jobWorkflowRef'>,
  admission: StacksAdmission,
): readonly Stack[] {
  return byHand(claims, admission).filter((stack) => !recovers(admission, stack));
}

/** Those that recover the environment, in both regions; none where the contract asks for no recovery. */
export function recoveryStacks(
  claims: Pick<JobClaims, 'jobWorkflowRef'>,
  admission: StacksAdmission,
): readonly Stack[] {
  return byHand(claims, admission).filter((stack) => recovers(admission, stack));
}

function byHand(claims: Pick<JobClaims, 'jobWorkflowRef'>, admission: StacksAdmission): readonly Stack[] {
  return allStacks(claims, admission).filter(({ part }) => part === 'administrator');
}

function recovers(admission: StacksAdmission, { name }: Stack): boolean {
  const { recovery, backups } = stackNames(admission);
  return name === recovery || name === backups;
}

/** The provider is who owns the workflow that runs this. */
function allStacks(
  { jobWorkflowRef }: Pick<JobClaims, 'jobWorkflowRef'>,
  { contract, target }: StacksAdmission,
): readonly Stack[] {
  const [owner = '', repository = ''] = jobWorkflowRef.split('/');
  const { releases = [], publishers = [] } = contract;
  const released = { provider: `${owner}/${repository}`, releases, publishers };
  const rendered = renderEnvironment(contract, target.environment, released);
  return stacksOf(contract, target.environment, rendered);
}

/** What the contract lacks for its stacks to be rendered, a sentence each. */
export function notRenderable({ contract, environment, part }: StacksAdmission): readonly string[] {
  const { releases = [], publishers = [] } = contract;
  const services = Object.values(environment.services).some(({ provision }) => provision !== undefined);
  return [
    ...(part === 'foundation' && releases.length === 0
      ? ['the contract names no `releases`, so no role could trust a workflow']
      : []),
    ...(part === 'foundation' && publishers.length === 0
      ? ['the contract names no `publishers`, so nobody could publish the next one into the vault']
      : []),
    ...(part === 'network' && environment.network === undefined && !environment.adopt
      ? ['the contract asks for no `network`: it is made by other means; `adopt: true` takes it into a stack']
      : []),
    ...(part === 'network' && environment.network !== undefined ? networkMistakes(environment) : []),
    ...(part === 'services' && !services && !environment.adopt
      ? [
          'no service of the contract has a `provision`: they are made by other means; `adopt: true` takes them into stacks',
        ]
      : []),
  ];
}

/** Of a contract that nobody linted: what EC2 would refuse halfway through a network, or a template could not say. */
function networkMistakes(environment: StacksAdmission['environment']): readonly string[] {
  return [...lintPorts(environment), ...lintNetwork(environment)];
}

/** What an environment's stacks are called, and the role with which CloudFormation changes their resources. */
export function stackNames({ contract, target }: Pick<StacksAdmission, 'contract' | 'target'>) {
  const { environment, account } = target;
  const prefix = `td-${contract.id}-${environment}-`;
  return {
    prefix,
    account: `td-${contract.id}-account`,
    provisioning: `${prefix}provisioning`,
    recovery: `${prefix}recovery`,
    backups: `${prefix}backups`,
    network: `${prefix}network`,
    role: `arn:${contract.partition}:iam::${account}:role/td/${environment}/td-${environment}-cloudformation`,
  };
}
