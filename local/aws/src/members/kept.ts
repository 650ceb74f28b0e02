/** Members that a request may have although nothing here acts by them, each group with the reason. */
export interface Kept {
  readonly service: string;
  readonly reason: string;
  /** `Structure.member`; all that is in such a member may be there too. */
  readonly members: readonly string[];
}

export const KEPT: readonly Kept[] = [
  {
    service: 'ec2',
    reason: 'It has one value here: a rule from a page refuses the others.',
    members: [
      'AllocateAddressRequest.Domain',
      'CreateCustomerGatewayRequest.Type',
      'CreateVpnConnectionRequest.Type',
      'CreateVpnGatewayRequest.Type',
      'TagSpecification.ResourceType',
    ],
  },
  {
    service: 'ec2',
    reason:
      'Clients send one by themselves, to do a thing once. Nothing here is asked twice by a client that got an answer.',
    members: [
      'CreateFlowLogsRequest.ClientToken',
      'CreateRouteTableRequest.ClientToken',
      'CreateVpcEndpointRequest.ClientToken',
    ],
  },
  {
    service: 'sts',
    reason: "IAM is asked with it: a role's trust may demand one.",
    members: ['AssumeRoleRequest.ExternalId'],
  },
  {
    service: 'ecs',
    reason: 'A task definition has it and shows it. No task here runs by it.',
    members: [
      ...[
        'repositoryCredentials',
        'memoryReservation',
        'linuxParameters',
        'startTimeout',
        'versionConsistency',
        'hostname',
        'user',
        'disableNetworking',
        'privileged',
        'readonlyRootFilesystem',
        'dnsServers',
        'dnsSearchDomains',
        'extraHosts',
        'dockerSecurityOptions',
        'interactive',
        'pseudoTerminal',
        'dockerLabels',
        'ulimits',
        'resourceRequirements',
        'credentialSpecs',
        'restartPolicy',
        'environmentFiles',
        'mountPoints',
        'volumesFrom',
        'dependsOn',
        'systemControls',
        'firelensConfiguration',
      ].map((member) => `ContainerDefinition.${member}`),
      'PortMapping.hostPort',
      'PortMapping.name',
      'PortMapping.appProtocol',
      'PortMapping.containerPortRange',
      'LogConfiguration.secretOptions',
      'RegisterTaskDefinitionRequest.enableFaultInjection',
      'RegisterTaskDefinitionRequest.requiresCompatibilities',
      'RegisterTaskDefinitionRequest.volumes',
      'RegisterTaskDefinitionRequest.placementConstraints',
      'RegisterTaskDefinitionRequest.proxyConfiguration',
      'RegisterTaskDefinitionRequest.pidMode',
      'RegisterTaskDefinitionRequest.ipcMode',
    ],
  },
  {
    service: 'ecs',
    reason: 'A cluster or a service has it and shows it. There is one pool of capacity here.',
    members: ['ClusterSetting.name', 'ClusterSetting.value', 'CapacityProviderStrategyItem.weight'],
  },
  {
    service: 'ecr',
    reason: 'There is one type of filter, WILDCARD, and the model refuses another.',
    members: ['ImageTagMutabilityExclusionFilter.filterType', 'SigningRepositoryFilter.filterType'],
  },
  {
    service: 'ecr',
    reason:
      "ECR may convert a manifest between Docker's schemas for it. Here each is answered as it was pushed.",
    members: ['BatchGetImageRequest.acceptedMediaTypes'],
  },
  {
    service: 'cloudformation',
    reason: 'Transforms are refused here, so a template is the same at both stages.',
    members: ['GetTemplateInput.TemplateStage'],
  },
  {
    service: 'monitoring',
    reason: 'An alarm has it and shows it. No alarm is evaluated here, and nothing is told of one.',
    members: [
      'AlarmDescription',
      'MetricName',
      'Metrics',
      'ActionsEnabled',
      'OKActions',
      'AlarmActions',
      'InsufficientDataActions',
      'Namespace',
      'Statistic',
      'ExtendedStatistic',
      'Dimensions',
      'Period',
      'Unit',
      'DatapointsToAlarm',
      'Threshold',
      'TreatMissingData',
      'EvaluateLowSampleCountPercentile',
      'Tags',
    ].map((member) => `PutMetricAlarmInput.${member}`),
  },
  {
    service: 's3',
    reason: 'It is looked at. The SDK gives a body a type of its own, which npm run models does not find.',
    members: ['PutObjectRequest.Body'],
  },
  {
    service: 's3',
    reason: 'It belongs to the transfer, and the transfer is checked before a handler sees the body.',
    members: [
      'PutObjectRequest.ContentLength',
      'PutObjectRequest.ChecksumAlgorithm',
      'PutObjectRetentionRequest.ContentMD5',
      'PutObjectRetentionRequest.ChecksumAlgorithm',
    ],
  },
  {
    service: 'secretsmanager',
    reason: 'A secret has it and shows it. A rotation begins when it is asked for.',
    members: ['RotateSecretRequest.RotationRules'],
  },
  {
    service: 'backup',
    reason:
      'Clients send one by themselves, to do a thing once. A vault or a selection of the same name is refused here anyway.',
    members: [
      'CreateBackupPlanInput.CreatorRequestId',
      'CreateBackupSelectionInput.CreatorRequestId',
      'CreateBackupVaultInput.CreatorRequestId',
    ],
  },
  {
    service: 'backup',
    reason:
      'A plan, a selection or a job has it. No plan is carried out here, and a job begins when it is asked for.',
    members: [
      'StartBackupJobInput.CompleteWindowMinutes',
      'StartBackupJobInput.RecoveryPointTags',
      'StartBackupJobInput.StartWindowMinutes',
      'BackupRuleInput.CompletionWindowMinutes',
      'BackupRuleInput.EnableContinuousBackup',
      'BackupRuleInput.Lifecycle',
      'BackupRuleInput.RecoveryPointTags',
      'BackupRuleInput.RuleName',
      'BackupRuleInput.CopyActions',
      'BackupRuleInput.ScheduleExpression',
      'BackupRuleInput.StartWindowMinutes',
      'CopyAction.DestinationBackupVaultArn',
      'Lifecycle.DeleteAfterDays',
      'Lifecycle.MoveToColdStorageAfterDays',
      'BackupRuleInput.ScheduleExpressionTimezone',
      'Lifecycle.OptInToArchiveForSupportedResources',
      'CopyAction.Lifecycle',
      'BackupSelection.Resources',
      'BackupSelection.ListOfTags',
      'BackupSelection.NotResources',
      'BackupSelection.Conditions',
    ],
  },
];

const byService = new Map<string, ReadonlySet<string>>();

export function keptMembers(service: string): ReadonlySet<string> {
  const known =
    byService.get(service) ??
    new Set(KEPT.filter((kept) => kept.service === service).flatMap((kept) => kept.members));
  byService.set(service, known);
  return known;
}
