/** What the trust policies of an environment's roles name. */
export interface Trusted {
  /** Numbers of the repositories that deliver. */
  readonly repositoryIds: readonly number[];
  readonly operationsId: number | undefined;
  readonly owners: readonly string[];
  readonly operationsOwner: string | undefined;
  readonly releases: readonly string[];
  readonly branches: readonly string[];
  readonly approvalEnvironment: string | undefined;
  readonly deployEnvironment: string | undefined;
}

const CLAIM = 'token.actions.githubusercontent.com:';

/** Reads what templates/iam writes into trust policies. Trusts by kind of role; a role that is not there is left out. */
export function trustedBy(trusts: Readonly<Record<string, unknown>>): Trusted {
  const of = (role: string, operator: string, claim: string) =>
    textsIn(trusts[role], operator, `${CLAIM}${claim}`);
  const [operations] = ['provision-plan', 'report', 'rotate'].filter((role) => trusts[role] !== undefined);
  const operationsId = operations && of(operations, 'StringEquals', 'repository_id')[0];
  const owners = of('build', 'StringLike', 'sub').map(ownerIn);
  const operationsOwner = operations && of(operations, 'StringLike', 'sub').map(ownerIn)[0];
  return {
    repositoryIds: of('build', 'StringEquals', 'repository_id')
      .filter((id) => id !== operationsId)
      .map(Number),
    operationsId: operationsId === undefined ? undefined : Number(operationsId),
    owners: owners.filter((owner) => owner !== operationsOwner || owners.length === 1),
    operationsOwner,
    releases: of('build', 'StringLikeIfExists', 'job_workflow_ref').map((ref) =>
      ref.replace('*@refs/tags/', ''),
    ),
    branches: of('build', 'StringLikeIfExists', 'sub').map((ref) => ref.replace('*:ref:refs/heads/', '')),
    approvalEnvironment: of('approve', 'StringEquals', 'environment')[0],
    deployEnvironment: of('deploy', 'StringEquals', 'environment')[0],
  };
}

/** `repo:acme*` with what follows. */
function ownerIn(pattern: string): string {
  return pattern.replace(/^repo:/, '').replace(/\*.*$/, '');
}

function textsIn(trust: unknown, operator: string, key: string): readonly string[] {
  const said: unknown = Reflect.get(Object(trust), 'Statement');
  const [statement] = [said].flat();
  const condition: unknown = Reflect.get(Object(statement), 'Condition');
  const of: unknown = Reflect.get(Object(condition), operator);
  const texts: unknown = Reflect.get(Object(of), key);
  return [texts].flat().filter((text) => typeof text === 'string');
}
