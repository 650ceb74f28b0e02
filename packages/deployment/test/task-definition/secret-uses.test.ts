import { expect, test } from '@jest/globals';
import { namingVersion, secretUses } from '../../src/task-definition/secret-uses.ts';

const ARN = 'arn:aws:secretsmanager:eu-west-1:000011112222:secret:td/prod/orders-db-AbCdEf';
const OTHER = 'arn:aws:secretsmanager:eu-west-1:000011112222:secret:td/prod/orders-db-replica-AbCdEf';

/** One container with variables from these places. */
function document(...from: readonly string[]) {
  return {
    family: 'orders',
    containerDefinitions: [
      { name: 'app', secrets: from.map((valueFrom, n) => ({ name: `S${n}`, valueFrom })) },
    ],
  };
}

test('a version that is named, a value that is current, and another secret are told apart', () => {
  expect(secretUses(document(`${ARN}:password::v1`, `${ARN}:username::v1`), ARN)).toEqual({
    pins: ['v1'],
    loose: false,
    fixed: false,
  });
  expect(secretUses(document(ARN, `${ARN}:password:AWSCURRENT:`), ARN)).toEqual({
    pins: [],
    loose: true,
    fixed: false,
  });
  expect(secretUses(document(ARN.slice(0, -7)), ARN)).toMatchObject({ loose: true });
  expect(secretUses(document(`${OTHER}:password::v1`), ARN)).toEqual({
    pins: [],
    loose: false,
    fixed: false,
  });
});

test('options of logs and credentials of a registry take the secret too', () => {
  const containers = [
    { name: 'a', logConfiguration: { logDriver: 'splunk', secretOptions: [{ name: 't', valueFrom: ARN }] } },
    { name: 'b', repositoryCredentials: { credentialsParameter: ARN } },
  ];
  const taking = { containerDefinitions: containers };
  expect(secretUses(taking, ARN)).toEqual({ pins: [], loose: true, fixed: true });
  expect(secretUses(namingVersion(taking, ARN, 'v2'), ARN)).toEqual({
    pins: ['v2'],
    loose: false,
    fixed: true,
  });
});

test('naming a version keeps keys, every other reference and every other member', () => {
  const before = document(`${ARN}:password`, `${OTHER}:password`, `${ARN}:username::v1`, 'plain-parameter');
  expect(namingVersion(before, ARN, 'v2')).toEqual(
    document(`${ARN}:password::v2`, `${OTHER}:password`, `${ARN}:username::v2`, 'plain-parameter'),
  );
});
