import { allow, ask, call, type Names, type Rows } from './iam-request.ts';

export function ofIncidents({ account, cluster, service, environment, vault, ...names }: Names): Rows {
  const RoleName = names.incidentRole;
  const opener = `arn:aws:iam::${account}:role/td/${environment}/td-${environment}-access`;
  const look = call('ecs', 'DescribeServices', { cluster, services: [service] });
  const happened = call('cloudtrail', 'LookupEvents');
  return {
    access: {
      ReadWhoMayAssumeTheRole: call('iam', 'GetRole', { RoleName }),
      SayWhoMayAssumeTheRole: call('iam', 'UpdateAssumeRolePolicy', { RoleName }),
      DenyWhoHasNoGrant: call('iam', 'PutRolePolicy', { RoleName }),
      WhatWasDoneByAGrant: happened,
      // it wrote itself into the trust
      BecomesNobodyElse: {
        ...call('sts', 'AssumeRole', {
          RoleArn: `arn:aws:iam::${account}:role/td/break-glass/${RoleName}`,
          RoleSessionName: 'x',
        }),
        onResource: allow('sts:AssumeRole', opener),
      },
    },
    'read-break-glass': { WhatWasDoneByAGrant: happened },
    grants: { NobodyHasAGrant: look },
    boundary: {
      InTheRegionOfTheEnvironment: look,
      // whatever a provider writes into the example
      NoWayToStayAndNoTraceToHide: {
        ...call('kms', 'Sign', { KeyId: names.signingKey, SigningAlgorithm: 'ECDSA_SHA_256' }),
        beside: allow('*'),
      },
      NothingOfTheVault: {
        ...call('s3', 'GetObject', { Bucket: vault, Key: 'rotation/break-glass/0001' }),
        beside: allow('*'),
      },
    },
  };
}

export function ofRotations({ account, region, cluster, environment, vault: Bucket }: Names): Rows {
  const VpnConnectionId = 'vpn-0acme00000hq0001';
  const UserName = 'acme-ci';
  const label = (SecretId: string) => call('secretsmanager', 'UpdateSecretVersionStage', { SecretId });
  const turn = (more: object) =>
    call('secretsmanager', 'RotateSecret', { SecretId: `td/${environment}/orders-db`, ...more });
  const happened = call('cloudtrail', 'LookupEvents');
  const rules = call('ecr', 'DescribePullThroughCacheRules');
  const app = call('secretsmanager', 'GetSecretValue', { SecretId: 'td/rotation/github-app' });
  return {
    rotate: {
      KeysOfTheAgreedUsers: call('iam', 'CreateAccessKey', { UserName }),
      Escrow: call('secretsmanager', 'PutSecretValue', { SecretId: 'td/rotation/acme-ci' }),
      KeysThatPeopleBring: label('td/rotation/acme-app'),
      ReadEscrowAndTheKeyOfTheApp: app,
      WhoMadeAndWhoUsesAKey: happened,
    },
    'rotate-leak': { DenySessionsThatALeakedKeyMade: call('iam', 'PutUserPolicy', { UserName }) },
    'rotate-registry': { RulesOfTheCache: rules, LabelsAndNoValue: label('ecr-pullthroughcache/hub') },
    'rotate-secret': {
      TurnTheAgreedSecrets: turn({}),
      HaveTheirFunctionsRun: ask(
        'lambda:InvokeFunction',
        `arn:aws:lambda:${region}:${account}:function:td-${environment}-rotate-db`,
      ),
      WhyARotationFailed: happened,
      WhoIsGivenTheSecrets: call('ecs', 'ListServices', { cluster }),
      ReadWhatHasNoResourceLevel: call('ecs', 'DescribeTaskDefinition', { taskDefinition: 'any' }),
      // the secret's own policy names the role
      NeverAValueAndNeverTheEndOfRotation: {
        ...call('secretsmanager', 'GetSecretValue', { SecretId: `td/${environment}/orders-db` }),
        onResource: allow(
          'secretsmanager:GetSecretValue',
          `arn:aws:iam::${account}:role/td/${environment}/td-${environment}-rotate-secret`,
        ),
      },
      NeverAnotherTime: turn({ RotationRules: { AutomaticallyAfterDays: 999 } }),
    },
    'rotate-vpn': {
      LookInTheRegion: call('ec2', 'DescribeVpnConnections'),
      StateOfTunnels: call('ec2', 'GetVpnTunnelReplacementStatus', { VpnConnectionId }),
      TheKeyOfATunnelAndNothingElseOfIt: call('ec2', 'ModifyVpnTunnelOptions', {
        VpnConnectionId,
        TunnelOptions: { PreSharedKey: 'x' },
      }),
      Escrow: call('secretsmanager', 'PutSecretValue', { SecretId: 'td/rotation/acme-hq' }),
    },
    report: {
      ListWhatHasNoResourceLevel: call('iam', 'ListUsers'),
      ListInTheRegion: rules,
      AgesOfKeys: call('iam', 'ListAccessKeys', { UserName }),
      AgesOfSecrets: call('secretsmanager', 'DescribeSecret', { SecretId: 'td/rotation/acme-ci' }),
      ReadContractAndJournals: call('s3', 'GetObject', { Bucket, Key: 'rotation/ci/0001' }),
      ListThem: call('s3', 'ListObjectsV2', { Bucket, Prefix: 'rotation/' }),
    },
    'github-app': { ReadTheKeyOfTheApp: app },
  };
}
