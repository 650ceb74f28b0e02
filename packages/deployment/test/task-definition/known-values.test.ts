import * as sdk from '@aws-sdk/client-ecs';
import { expect, test } from '@jest/globals';
import { KNOWN_VALUES } from '../../src/task-definition/known-values.ts';
import { REQUIRED_MEMBERS } from '../../src/task-definition/refused/members.ts';
import { shapeMistakes } from '../../src/task-definition/shape-mistakes.ts';
import { REGISTERED, requiredIn, shapesIn } from './sdk-shapes.ts';

/** The SDK's schemas do not say which enum a member is of; these are its names, member by member. */
const ENUMS: Readonly<Record<keyof typeof KNOWN_VALUES, Readonly<Record<string, string>>>> = {
  'RegisterTaskDefinitionRequest.networkMode': sdk.NetworkMode,
  'RegisterTaskDefinitionRequest.requiresCompatibilities': sdk.Compatibility,
  'RegisterTaskDefinitionRequest.pidMode': sdk.PidMode,
  'RegisterTaskDefinitionRequest.ipcMode': sdk.IpcMode,
  'ContainerDefinition.versionConsistency': sdk.VersionConsistency,
  'PortMapping.protocol': sdk.TransportProtocol,
  'PortMapping.appProtocol': sdk.ApplicationProtocol,
  'EnvironmentFile.type': sdk.EnvironmentFileType,
  'Device.permissions': sdk.DeviceCgroupPermission,
  'ContainerDependency.condition': sdk.ContainerCondition,
  'Ulimit.name': sdk.UlimitName,
  'LogConfiguration.logDriver': sdk.LogDriver,
  'ResourceRequirement.type': sdk.ResourceType,
  'FirelensConfiguration.type': sdk.FirelensConfigurationType,
  'DockerVolumeConfiguration.scope': sdk.Scope,
  'EFSVolumeConfiguration.transitEncryption': sdk.EFSTransitEncryption,
  'EFSAuthorizationConfig.iam': sdk.EFSAuthorizationConfigIAM,
  'TaskDefinitionPlacementConstraint.type': sdk.TaskDefinitionPlacementConstraintType,
  'ProxyConfiguration.type': sdk.ProxyConfigurationType,
  'RuntimePlatform.cpuArchitecture': sdk.CPUArchitecture,
  'RuntimePlatform.operatingSystemFamily': sdk.OSFamily,
};

test('knows the values that the SDK has, and no others', () => {
  for (const [member, values] of Object.entries(KNOWN_VALUES)) {
    const taken = Object.values(ENUMS[member as keyof typeof KNOWN_VALUES]);
    expect([member, values.split(' ')]).toEqual([member, taken.sort()]);
  }
});

test('is of members that there are', () => {
  const shapes = shapesIn(REGISTERED);
  for (const path of Object.keys(KNOWN_VALUES)) {
    const [shape = '', member = ''] = path.split('.');
    expect([path, shapes.get(shape)?.has(member)]).toEqual([path, true]);
  }
});

test('knows what the SDK requires of every shape, what other checks say apart', () => {
  const elsewhere = ['RegisterTaskDefinitionRequest', 'HealthCheck'];
  const required = [...requiredIn(REGISTERED)].filter(([shape]) => !elsewhere.includes(shape));
  expect(Object.entries(REQUIRED_MEMBERS)).toEqual(required);
});

test('a value that AWS does not take is named by its place, with the nearest that it takes, unless it is listed', () => {
  const document = { networkMode: 'awsvcp', requiresCompatibilities: ['FARGATE', 'MOON'], pidMode: '' };
  const shape = 'RegisterTaskDefinitionRequest';
  expect(shapeMistakes(shape, document, new Set())).toEqual([
    {
      keys: ['networkMode'],
      problem: 'is no value that AWS takes: awsvpc, bridge, host, none; did you mean awsvpc?',
    },
    {
      keys: ['requiresCompatibilities', 1],
      problem: 'is no value that AWS takes: EC2, EXTERNAL, FARGATE, MANAGED_INSTANCES',
    },
    { keys: ['pidMode'], problem: 'is empty; leave it out, or write host, task' },
  ]);
  expect(shapeMistakes(shape, document, new Set(Object.keys(document)))).toEqual([]);
});
