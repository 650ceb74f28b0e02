import * as sdk from '@aws-sdk/client-ecs';
import { describe, expect, test } from '@jest/globals';
import { deploymentConfigurationAfter, serviceChanges } from '../../src/plan/service-update.ts';
import { HIDDEN } from '../../src/task-definition/diff.ts';

const deploymentConfiguration = {
  maximumPercent: 200,
  minimumHealthyPercent: 100,
  deploymentCircuitBreaker: { enable: true, rollback: true },
  alarms: { alarmNames: ['a', 'b'], enable: true, rollback: true },
};
const service = {
  document: {
    deploymentConfiguration,
    networkConfiguration: { awsvpcConfiguration: { subnets: ['s-1', 's-2'], securityGroups: ['g'] } },
    loadBalancers: [{ targetGroupArn: 'group', containerName: 'app', containerPort: 8080 }],
    desiredCount: 2,
    deployments: [
      { status: 'ACTIVE', volumeConfigurations: [{ name: 'other' }] },
      { status: 'PRIMARY', volumeConfigurations: [{ name: 'data' }] },
    ],
  },
};

describe('what an update says of a service', () => {
  test('is nothing where nothing was asked for', () => {
    expect(serviceChanges({}, service)).toEqual({ members: {}, changes: [] });
  });

  test('merges the deployment configuration with the current one, which ECS would replace whole', () => {
    const asked = {
      deploymentConfiguration: {
        maximumPercent: 150,
        deploymentCircuitBreaker: { rollback: false },
        alarms: null,
      },
    };
    const { members, changes } = serviceChanges(asked, service);
    const after = {
      maximumPercent: 150,
      minimumHealthyPercent: 100,
      deploymentCircuitBreaker: { enable: true, rollback: false },
    };
    expect(members).toEqual({ deploymentConfiguration: after });
    expect(deploymentConfigurationAfter({ members }, service)).toEqual(after);
    expect(changes.map(({ path, from, to }) => [path, from, to])).toEqual([
      ['deploymentConfiguration.alarms', expect.stringContaining('alarmNames'), null],
      ['deploymentConfiguration.deploymentCircuitBreaker.rollback', 'true', 'false'],
      ['deploymentConfiguration.maximumPercent', '200', '150'],
    ]);
  });

  test.each([
    [
      'the same subnets in another order',
      { networkConfiguration: { awsvpcConfiguration: { subnets: ['s-2', 's-1'], securityGroups: ['g'] } } },
    ],
    ['what ECS leaves out because it is the default', { enableExecuteCommand: false, propagateTags: 'NONE' }],
    ['an empty list where there is none', { serviceRegistries: [], placementConstraints: [] }],
    [
      'a part of the deployment configuration that is so',
      { deploymentConfiguration: { maximumPercent: 200 } },
    ],
    ['what the PRIMARY deployment says', { volumeConfigurations: [{ name: 'data' }] }],
  ])('leaves out %s', (_, asked) => {
    expect(serviceChanges(asked, service)).toEqual({ members: {}, changes: [] });
  });

  test('an empty list that was asked for clears what is there', () => {
    expect(serviceChanges({ loadBalancers: [], volumeConfigurations: [] }, service).members).toEqual({
      loadBalancers: [],
      volumeConfigurations: [],
    });
  });

  test('never shows the options of a log driver', () => {
    const logConfiguration = { logDriver: 'splunk', options: { 'splunk-token': 'hunter2' } };
    const { changes } = serviceChanges(
      { serviceConnectConfiguration: { enabled: true, logConfiguration } },
      service,
    );
    expect(changes).toEqual([{ path: 'serviceConnectConfiguration', from: null, to: HIDDEN }]);
  });
});

/** Members of the request that ECS describes, in the SDK's own words. */
function namesOf(schema: unknown): readonly string[] {
  const members: unknown = Array.isArray(schema) ? schema[4] : undefined;
  if (!Array.isArray(members) || members.length === 0)
    throw new TypeError('the SDK keeps its schemas elsewhere now');
  return members.map(String);
}

test('compares each member with what ECS describes of it, wherever that stands', () => {
  const ofService = namesOf(sdk.Service$);
  const ofRollout = namesOf(sdk.Deployment$);
  for (const name of namesOf(sdk.UpdateServiceRequest$)) {
    const described = { document: { deployments: [{ status: 'PRIMARY', [name]: 'x' }], [name]: 'x' } };
    const [only] = [ofService, ofRollout].filter((names) => names.includes(name));
    if (!only) continue;
    expect([name, serviceChanges({ [name]: 'x' }, described).members]).toEqual([name, {}]);
    const elsewhere = {
      document: only === ofService ? { deployments: [{ status: 'PRIMARY', [name]: 'x' }] } : { [name]: 'x' },
    };
    expect([name, serviceChanges({ [name]: 'x' }, elsewhere).members]).toEqual([name, { [name]: 'x' }]);
  }
});
