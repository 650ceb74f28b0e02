import { ask, call, type Names, type Rows } from './iam-request.ts';
import { ofProvisioning } from './iam-requests-provisioning.ts';
import { ofIncidents, ofRotations } from './iam-requests-rotations.ts';

/**
 * One request for each statement of each permission document: of an Allow what a job asks for, of a Deny what a
 * hostile one would.
 */
export function requestsIn(names: Names): Rows {
  const incidents = ofIncidents(names);
  const provisioning = ofProvisioning(names);
  return {
    ...ofDeliveries(names),
    ...incidents,
    ...ofRotations(names),
    ...ofTasks(names),
    ...provisioning,
    boundary: { ...incidents['boundary'], ...provisioning['boundary'] },
  };
}

function ofDeliveries(names: Names): Rows {
  const { tenant, environment, account, region, cluster, service, family, repository, subnets } = names;
  const { vault: Bucket } = names;
  const scanning = call('ecr', 'GetRegistryScanningConfiguration');
  const images = call('ecr', 'DescribeImages', { repositoryName: repository });
  const found = call('inspector2', 'ListCoverage');
  const read = call('s3', 'GetObject', { Bucket, Key: `changes/${environment}/${service}/chg_1/0000` });
  const list = call('s3', 'ListObjectsV2', { Bucket, Prefix: `changes/${environment}/` });
  const write = (Key: string) => call('s3', 'PutObject', { Bucket, Key, IfNoneMatch: '*' });
  const update = (more: object) => call('ecs', 'UpdateService', { cluster, service, ...more });
  const inSubnets = (assignPublicIp: string, own: readonly string[] = subnets) =>
    update({ networkConfiguration: { awsvpcConfiguration: { subnets: own, assignPublicIp } } });
  const register = (container: object) =>
    call('ecs', 'RegisterTaskDefinition', {
      family,
      containerDefinitions: [{ name: service, ...container }],
      tags: [{ key: 'tenant', value: tenant }],
      taskRoleArn: `arn:aws:iam::${account}:role/td/${environment}/tasks/${family}-task`,
      executionRoleArn: `arn:aws:iam::${account}:role/td/${environment}/tasks/${family}-execution`,
    });
  const looking = {
    ReadTheService: call('ecs', 'DescribeServices', { cluster, services: [service] }),
    ReadTasksOfTheCluster: call('ecs', 'ListTasks', { cluster }),
    ReadWhatHasNoResourceLevel: call('ecs', 'DescribeTaskDefinition', { taskDefinition: family }),
    ReadTheRolesOfTheTasks: call('iam', 'GetRole', { RoleName: `${family}-task` }),
    KnowTheSecretsButNotTheirValues: call('secretsmanager', 'DescribeSecret', {
      SecretId: `td/${environment}/${service}/database`,
    }),
    KnowHowTheAlarmsStand: call('monitoring', 'DescribeAlarms', { AlarmNames: [`${family}-errors`] }),
    ReadImagesAndFindings: images,
    ReadHowTheRegistryScans: scanning,
    ReadWhatInspectorFound: found,
    ReadTheVault: read,
    ListTheVault: list,
  };
  const updates = {
    NeverAnotherFamily: update({ taskDefinition: 'another:1' }),
    NeverAProbe: update({ taskDefinition: `${family}-probe:1` }),
    NeverAPublicAddress: inSubnets('ENABLED'),
    NeverAShellInATask: update({ enableExecuteCommand: true }),
    NeverOtherSubnets: inSubnets('DISABLED', [...subnets, 'subnet-another']),
  };
  const migrate = { cluster, taskDefinition: family };
  return {
    build: {
      LogInToTheRegistry: call('ecr', 'GetAuthorizationToken'),
      PushAndInspectTheServicesImages: ask(
        'ecr:PutImage',
        `arn:aws:ecr:${region}:${account}:repository/${repository}`,
      ),
      ReadWhatTheRegistryDoesAfterAPush: scanning,
      ReadWhatInspectorFound: found,
      PullBaseImages: call('ecr', 'DescribeImages', { repositoryName: 'base/node' }),
    },
    'build-create-repository': {
      MakeTheServicesRepositories: call('ecr', 'CreateRepository', { repositoryName: repository }),
    },
    'build-managed-signing': {
      LetTheRegistrySignWhatIsPushed: ask(
        'signer:SignPayload',
        `arn:aws:signer:${region}:${account}:/signing-profiles/images`,
      ),
    },
    gate: looking,
    read: looking,
    'pull-request': {
      ReadTheContractAndWhichWasSeen: call('s3', 'GetObject', {
        Bucket,
        Key: `contract/${environment}.dsse.json`,
      }),
      ListWhichWasSeen: call('s3', 'ListObjectsV2', { Bucket, Prefix: `seen/contract/${environment}/` }),
    },
    deploy: {
      ...looking,
      ReadTheDeployedImages: images,
      RegisterRevisionsOfTheFamilies: register({}),
      TagWhatIsRegistered: register({}),
      DeployTheServices: update({ taskDefinition: family }),
      StopTheirDeployments: call('ecs', 'StopServiceDeployment', {
        serviceDeploymentArn: `arn:aws:ecs:${region}:${account}:service-deployment/${cluster}/${service}/abc`,
      }),
      RunTheirMigrationsAndProbes: call('ecs', 'RunTask', migrate),
      StopTasksOfTheCluster: call('ecs', 'StopTask', { cluster, task: 'abc' }),
      HandTasksTheirRoles: register({}),
      ReadTheLastLogLines: call('logs', 'GetLogEvents', {
        logGroupName: `/td/${tenant}/${environment}/${service}`,
        logStreamName: 'abc',
      }),
      NeverPrivileged: register({ privileged: true }),
      ...updates,
    },
    'deploy-retention': {
      TakeOldRevisionsOutOfUse: call('ecs', 'DeregisterTaskDefinition', { taskDefinition: `${family}:1` }),
    },
    evidence: {
      ReadTheVault: read,
      ListTheVault: list,
      WriteTheVault: write(`changes/${environment}/${service}/chg_1/0001`),
    },
    journal: {
      ReadTheVault: read,
      ListTheVault: list,
      WriteJournalsAndLocks: write('rotation/ci/0001'),
    },
    'break-glass': {
      LookAtTheEnvironment: looking.ReadTheService,
      RestartAndRescaleTheServices: update({ forceNewDeployment: true }),
      StopTasksOfTheCluster: call('ecs', 'StopTask', { cluster, task: 'abc' }),
      ...updates,
    },
  };
}

/** ECS asks these in the execution role before a task runs ("Amazon ECS task execution IAM role"). */
function ofTasks({ account, region, tenant, environment, service, repository }: Names): Rows {
  const arn = (of: string, resource: string) => `arn:aws:${of}:${region}:${account}:${resource}`;
  return {
    execution: {
      LogInToTheRegistry: call('ecr', 'GetAuthorizationToken'),
      PullTheImagesOfServicesAndProbes: ask('ecr:BatchGetImage', arn('ecr', `repository/${repository}`)),
      WriteTheServicesLogs: ask(
        'logs:PutLogEvents',
        arn('logs', `log-group:/td/${tenant}/${environment}/${service}:log-stream:abc`),
      ),
    },
    secrets: {
      GiveTasksTheirSecrets: ask(
        'secretsmanager:GetSecretValue',
        arn('secretsmanager', `secret:td/${environment}/${service}/database-aB3xYz`),
      ),
      GiveTasksTheirParameters: ask(
        'ssm:GetParameters',
        arn('ssm', `parameter/td/${environment}/${service}/api-key`),
      ),
    },
  };
}
