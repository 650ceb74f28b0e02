import { expect, test } from '@jest/globals';
import { roleOperations } from '../src/iam/role-operations.ts';
import { putManagedPolicy, putRole } from '../src/iam/state.ts';
import { userOperations } from '../src/iam/user-operations.ts';
import { seedUser } from '../src/iam/users.ts';
import { putSigningKey } from '../src/kms/state.ts';
import type { PolicyDocument } from '../src/policy/document.ts';
import { putBucket } from '../src/s3/state.ts';
import { ACCOUNT, ask, manualWorld, REGION } from './manual-world.ts';

/** A document of exactly so many characters without white space. */
function ofSize(size: number, letter = 'x'): PolicyDocument {
  const document = (Sid: string): PolicyDocument => ({
    Version: '2012-10-17',
    Statement: [{ Sid, Effect: 'Allow', Action: '*', Resource: '*' }],
  });
  const { length } = JSON.stringify(document(''));
  return document(letter.repeat(size - length));
}

const small = ofSize(200);
type World = ReturnType<typeof manualWorld>;
const role = (world: World, trust: PolicyDocument, ...policies: readonly PolicyDocument[]) =>
  putRole(world, ACCOUNT, {
    ...{
      partition: 'aws',
      name: 'r',
      path: '/',
      description: '',
      tags: {},
      maxSessionDuration: 3_600,
      trust,
    },
    policies: Object.fromEntries(policies.map((document, index) => [`p${index}`, document])),
  });

test.each<[string, number, string, (world: World, document: PolicyDocument) => unknown]>([
  ['trust policy of role r', 2_048, 'characters', (world, document) => role(world, document)],
  [
    'inline policies of role r',
    10_240,
    'characters',
    (world, document) => role(world, small, small, ofSize(JSON.stringify(document).length - 200)),
  ],
  [
    'inline policies of user u',
    2_048,
    'characters',
    (world, document) => seedUser(world, ACCOUNT, { name: 'u', policies: { document } }),
  ],
  [
    'managed policy arn:aws:iam::1:policy/b',
    6_144,
    'characters',
    (world, document) => putManagedPolicy(world, ACCOUNT, 'arn:aws:iam::1:policy/b', document),
  ],
  [
    'key policy of alias/k',
    32_768,
    'bytes',
    (world, policy) =>
      putSigningKey(world, ACCOUNT, REGION, { partition: 'aws', alias: 'alias/k', description: '', policy }),
  ],
  [
    'bucket policy of b',
    20_480,
    'bytes',
    (world, policy) =>
      putBucket(world, { name: 'b', account: ACCOUNT, region: REGION, versioned: true, policy }),
  ],
])('a seed whose %s is longer than %i %s is refused', (name, quota, unit, put) => {
  expect(() => put(manualWorld(), ofSize(quota))).not.toThrow();
  expect(() => put(manualWorld(), ofSize(quota + 1))).toThrow(
    `the ${name} has ${quota + 1} ${unit}, and AWS takes ${quota} at most`,
  );
});

test('bytes are counted where AWS counts bytes', () => {
  const put = (policy: PolicyDocument) =>
    putBucket(manualWorld(), { name: 'b', account: ACCOUNT, region: REGION, versioned: true, policy });
  expect(() => put(ofSize(20_480, 'é'))).toThrow(/bucket policy of b has \d+ bytes/);
});

test.each<[string, number, (size: number) => object]>([
  ['PutRolePolicy', 10_240 - 200, (size) => ({ RoleName: 'r', PolicyName: 'more', ...written(size) })],
  ['UpdateAssumeRolePolicy', 2_048, (size) => ({ RoleName: 'r', ...written(size) })],
  ['PutUserPolicy', 2_048, (size) => ({ UserName: 'u', PolicyName: 'more', ...written(size) })],
])('%s takes %i characters and no more, white space aside', async (operation, most, input) => {
  const world = manualWorld();
  role(world, small, small);
  seedUser(world, ACCOUNT, { name: 'u' });
  const handler = { ...roleOperations, ...userOperations }[operation];
  const call = (size: number) => Promise.resolve().then(() => ask(handler, input(size), world.call));
  await expect(call(most)).resolves.toBeDefined();
  await expect(call(most + 1)).rejects.toMatchObject({ code: 'LimitExceededException' });
});

function written(size: number): { readonly PolicyDocument: string } {
  return { PolicyDocument: JSON.stringify(ofSize(size), null, 8) };
}
