import type { SeedContract, SeedEnvironment } from './contract.ts';
import type { Values } from './template.ts';

/** One environment of one tenant, with what the templates and the other seeds need to know of it. */
export interface Place {
  readonly contract: SeedContract;
  readonly name: string;
  readonly environment: SeedEnvironment;
  readonly account: string;
  readonly region: string;
  readonly partition: string;
  readonly roleArn: (name: string) => string;
  readonly taskRole: (
    family: string,
    kind: 'execution' | 'task',
  ) => { readonly name: string; readonly arn: string };
  readonly values: Values;
}

export interface Released {
  /** The provider's repository on GitHub, `owner/name`. */
  readonly provider: string;
  /** Released refs whose workflows the roles trust: `refs/tags/v0.1.0`. */
  readonly releases: readonly string[];
  /** ARN patterns of the principals that publish contracts and stop signs. */
  readonly publishers: readonly string[];
}

/** Derives every placeholder of `templates/iam` from a contract. */
export function placeOf(
  contract: SeedContract,
  name: string,
  environment: SeedEnvironment,
  released: Released,
): Place {
  const { account, partition, id: tenant } = contract;
  const { region, cluster, approval, protection } = environment;
  const services = Object.entries(environment.services);
  const regional = (service: string, resource: string) =>
    `arn:${partition}:${service}:${region}:${account}:${resource}`;
  const role = (path: string) => `arn:${partition}:iam::${account}:role/td/${name}/${path}`;
  const repositories = [...contract.repositories, contract.operations];
  const workflows = (...files: readonly string[]) =>
    released.releases.flatMap((ref) =>
      files.map((file) => `${released.provider}/.github/workflows/${file}@${ref}`),
    );
  const subjectsOf = (from: typeof repositories, ...contexts: readonly string[]) =>
    from.flatMap(({ repository, repositoryId, ownerId }) => {
      const [owner, repo] = repository.split('/');
      const forms = [repository, `${owner}@${ownerId}/${repo}@${repositoryId}`];
      return forms.flatMap((form) => contexts.map((context) => `repo:${form}:${context}`));
    });
  const subjects = (...contexts: readonly string[]) => subjectsOf(repositories, ...contexts);
  const { credentials = [], githubApp, breakGlass } = environment;
  const iam = (resource: string) => `arn:${partition}:iam::${account}:${resource}`;
  const of = (member: 'user' | 'escrow' | 'secret') => credentials.flatMap((each) => each[member] ?? []);
  const secret = (name: string) => regional('secretsmanager', `secret:${name}-??????`);
  const taskRole = (family: string, kind: 'execution' | 'task') => ({
    name: `${family}-${kind}`,
    arn: role(`tasks/${family}-${kind}`),
  });
  return {
    contract,
    name,
    environment,
    account,
    region,
    partition,
    roleArn: (short) => role(`td-${name}-${short}`),
    taskRole,
    values: {
      partition,
      account,
      region,
      tenant,
      environment: name,
      repositoryIds: repositories.map(({ repositoryId }) => String(repositoryId)),
      ownerIds: [...new Set(repositories.map(({ ownerId }) => String(ownerId)))],
      buildWorkflowRefs: workflows('build.yml'),
      rollbackWorkflowRefs: workflows('rollback.yml'),
      deliveryWorkflowRefs: workflows('deliver.yml', 'rollback.yml', 'promote.yml', 'resume.yml'),
      gateWorkflowRefs: workflows('release-gate.yml'),
      promotionWorkflowRefs: workflows('promote.yml'),
      reGateWorkflowRefs: workflows('re-gate.yml'),
      verificationWorkflowRefs: workflows('verify.yml'),
      rotationWorkflowRefs: workflows('rotate-access.yml'),
      reportWorkflowRefs: workflows('credential-report.yml'),
      breakGlassWorkflowRefs: workflows('break-glass.yml'),
      breakGlassEnvironment: breakGlass?.approval.environment ?? `${tenant}-${name}-break-glass`,
      breakGlassSubjects: subjectsOf(
        [contract.operations],
        `environment:${breakGlass?.approval.environment ?? `${tenant}-${name}-break-glass`}`,
      ),
      breakGlassRoleArn: iam(`role/td/break-glass/${breakGlass?.role ?? `td-${name}-break-glass`}`),
      breakGlassBoundaryArn: iam(
        `policy/td/break-glass/${breakGlass?.role ?? `td-${name}-break-glass`}-boundary`,
      ),
      operationsRepositoryId: String(contract.operations.repositoryId),
      operationsOwnerId: String(contract.operations.ownerId),
      rotationSubjects: subjectsOf(
        [contract.operations],
        `environment:${protection.environment}`,
        `environment:${approval.environment}`,
      ),
      reportSubjects: subjectsOf(
        [contract.operations],
        ...protection.branches.map((branch) => `ref:refs/heads/${branch}`),
      ),
      credentialUserArns: of('user').map((user) => iam(`user/${user}`)),
      credentialSecretArns: [
        ...credentials.flatMap(({ kind, escrow = [] }) =>
          ['vpn-psk', 'github-app-key'].includes(kind) ? [] : escrow,
        ),
        ...credentials.flatMap(({ consumers = [] }) => consumers.flatMap((each) => each.secret ?? [])),
      ].map(secret),
      broughtSecretArns: credentials
        .flatMap(({ kind, escrow = [] }) => (kind === 'github-app-key' ? escrow : []))
        .map(secret),
      reportedSecretArns: [
        ...new Set([...of('escrow'), ...of('secret'), ...(githubApp ? [githubApp.key] : [])].map(secret)),
      ],
      rotatedSecretArns: credentials
        .filter(({ kind }) => ['secrets-manager', 'repository-credentials'].includes(kind))
        .flatMap((each) => each.secret ?? [])
        .map(secret),
      vpnConnectionArns: credentials.flatMap(({ vpn }) =>
        vpn === undefined ? [] : regional('ec2', `vpn-connection/${vpn}`),
      ),
      vpnSecretArns: credentials
        .flatMap(({ kind, escrow = [] }) => (kind === 'vpn-psk' ? escrow : []))
        .map(secret),
      upstreamSecretArns: credentials
        .flatMap((each) => (each.kind === 'pull-through' ? (each.secret ?? []) : []))
        .map(secret),
      appSecretArns: githubApp ? [secret(githubApp.key)] : [],
      branchSubjects: subjects(...protection.branches.map((branch) => `ref:refs/heads/${branch}`)),
      pullRequestSubjects: subjects('pull_request'),
      approvalEnvironment: approval.environment,
      approvalSubjects: subjects(`environment:${approval.environment}`),
      deployEnvironment: protection.environment,
      deploySubjects: subjects(`environment:${protection.environment}`),
      vaultBucket: `td-vault-${tenant}-${name}-${account}`,
      retentionDays: environment.evidence.retentionDays,
      clusterArn: regional('ecs', `cluster/${cluster}`),
      serviceArns: services.map(([service]) => regional('ecs', `service/${cluster}/${service}`)),
      serviceDeploymentArns: services.map(([s]) => regional('ecs', `service-deployment/${cluster}/${s}/*`)),
      serviceRevisionArns: services.map(([s]) => regional('ecs', `service-revision/${cluster}/${s}/*`)),
      taskDefinitionArns: services.map(([, { family }]) => regional('ecs', `task-definition/${family}:*`)),
      repositoryArns: services.map(([, { repository }]) => regional('ecr', `repository/${repository}`)),
      probeTaskDefinitionArns: environment.probe
        ? services.map(([, { family }]) => regional('ecs', `task-definition/${family}-probe:*`))
        : [],
      probeRepositoryArns: environment.probe
        ? [regional('ecr', `repository/${environment.probe.image.split('@')[0]}`)]
        : [],
      baseRepositoryArns: [regional('ecr', 'repository/base/*')],
      subnets: Object.values(environment.layers).flatMap(({ subnets }) => subnets),
      taskRoleArns: services.flatMap(([, { family }]) =>
        (['execution', 'task'] as const).map((kind) => taskRole(family, kind).arn),
      ),
      logStreamArns: services.map(([, { logGroup }]) => regional('logs', `log-group:${logGroup}:*`)),
      signingProfile: environment.registry?.signingProfile ?? regional('signer', '/signing-profiles/none'),
      secretArns: [regional('secretsmanager', `secret:td/${name}/*`)],
      providerPrincipals: released.publishers,
    },
  };
}
