import { describe, expect, it } from '@jest/globals';
import {
  parseRegistryCredentials,
  parseSecretReference,
} from '../../src/task-definition/secret-reference.ts';

const SECRET = 'arn:aws:secretsmanager:eu-west-1:000011112222:secret:td/prod/db-aB3xYz';
const place = { account: '000011112222', region: 'eu-west-1' };
const whole = { kind: 'secret', id: SECRET, ...place, key: undefined, stage: undefined, version: undefined };

describe('what a container takes as a secret', () => {
  it.each([
    [SECRET, whole],
    [`${SECRET}:password::`, { ...whole, key: 'password' }],
    [`${SECRET}::AWSPREVIOUS:`, { ...whole, stage: 'AWSPREVIOUS' }],
    [`${SECRET}:password::9d4c`, { ...whole, key: 'password', version: '9d4c' }],
    ['/td/prod/key', { kind: 'parameter', names: ['/td/prod/key'], account: undefined, region: undefined }],
    ['key:3', { kind: 'parameter', names: ['key'], account: undefined, region: undefined }],
    [
      'arn:aws:ssm:eu-west-1:000011112222:parameter/td/prod/key',
      { kind: 'parameter', names: ['/td/prod/key'], ...place },
    ],
    [
      'arn:aws:ssm:eu-west-1:000011112222:parameter/key',
      { kind: 'parameter', names: ['key', '/key'], ...place },
    ],
  ])('%s', (valueFrom, reference) => {
    expect(parseSecretReference(valueFrom)).toEqual(reference);
  });

  it.each([
    ['', 'is empty'],
    [`${SECRET}:k:AWSCURRENT:9d4c`, 'names a stage and a version'],
    [`${SECRET}:k:::x`, 'more after the name'],
    ['arn:aws:secretsmanager:eu-west-1:000011112222:secret', 'names no secret'],
    ['arn:aws:ssm:eu-west-1:000011112222:document/x', 'names no parameter'],
    ['arn:aws:s3:::bucket/key', 'no ARN of Secrets Manager'],
  ])('%j is refused: it %s', (valueFrom, problem) => {
    expect(parseSecretReference(valueFrom)).toMatchObject({
      kind: 'unreadable',
      problem: expect.stringContaining(problem),
    });
  });

  it('credentials of a registry may go by the name of a secret', () => {
    expect(parseRegistryCredentials('registry')).toMatchObject({ kind: 'secret', id: 'registry' });
    expect(parseRegistryCredentials(SECRET)).toEqual(whole);
  });
});
