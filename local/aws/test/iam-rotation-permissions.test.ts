import { expect, test } from '@jest/globals';
import { ROLES } from '@tenant-delivery/domain';
import { many, type PolicyDocument, statementsOf } from '../src/policy/document.ts';
import { ACCOUNT, acme, EVERY_KIND, mayIn, prodWith, REGION, roleOf, says } from './iam-rendered.ts';

const rendered = prodWith({ credentials: EVERY_KIND });
const may = mayIn(rendered);
const ecs = (resource: string) => `arn:aws:ecs:${REGION}:${ACCOUNT}:${resource}`;
const cluster = { 'ecs:cluster': ecs('cluster/acme-prod') };
const service = ecs('service/acme-prod/orders');
const secret = (name: string) => `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:${name}-aB3xYz`;
const user = (name: string) => `arn:aws:iam::${ACCOUNT}:user/${name}`;
const vpn = (id: string) => `arn:aws:ec2:${REGION}:${ACCOUNT}:vpn-connection/${id}`;
const who = (action: string, resource: string, context: Parameters<typeof may>[3] = {}) =>
  ROLES.filter((role) => may(role, action, resource, context));

test('an environment has a role for each kind of its credentials, and without credentials none', () => {
  const rotating = (credentials: typeof EVERY_KIND) =>
    prodWith({ credentials })
      .roles.map(({ kind }) => kind)
      .filter((kind) => /^(re)?(rotate|deploy|report)/.test(kind) && kind !== 'deploy');
  expect(rotating([])).toEqual([]);
  expect(rotating(EVERY_KIND.slice(0, 1))).toEqual(['rotate', 'report']);
  expect(rotating(EVERY_KIND.slice(1, 2))).toEqual(['redeploy', 'rotate-secret', 'report']);
});

test('what rotates secrets of tasks turns them and looks at the cluster, reads no value and changes no service', () => {
  const db = secret('td/prod/orders-db');
  expect(may('rotate-secret', 'secretsmanager:RotateSecret', db)).toBe(true);
  expect(may('rotate-secret', 'secretsmanager:RotateSecret', secret('td/prod/other'))).toBe(false);
  const rules = { 'secretsmanager:ModifyRotationRules': 'true' };
  expect(may('rotate-secret', 'secretsmanager:RotateSecret', db, rules)).toBe(false);
  for (const action of ['GetSecretValue', 'PutSecretValue', 'CancelRotateSecret'])
    expect(may('rotate-secret', `secretsmanager:${action}`, db)).toBe(false);
  expect(may('rotate-secret', 'ecs:DescribeServices', service, cluster)).toBe(true);
  const elsewhere = { 'ecs:cluster': ecs('cluster/other') };
  expect(may('rotate-secret', 'ecs:DescribeServices', service, elsewhere)).toBe(false);
  expect(may('rotate-secret', 'ecs:UpdateService', service, cluster)).toBe(false);
});

test('rotate-vpn changes the key of a tunnel of its own connection, and nothing else of it', () => {
  const own = vpn('vpn-0acme00000hq0001');
  expect(may('rotate-vpn', 'ec2:ModifyVpnTunnelOptions', own)).toBe(true);
  expect(may('rotate-vpn', 'ec2:ModifyVpnTunnelOptions', vpn('vpn-0other'))).toBe(false);
  // IAM's reference has had two names for the groups
  const groups = ['Phase1DHGroup', 'Phase2DHGroup', 'Phase1DHGroupNumbers', 'Phase2DHGroupNumbers'];
  const others = [
    'Phase1EncryptionAlgorithms',
    'InsideTunnelCidr',
    'DPDTimeoutSeconds',
    'InsideTunnelIpv6Cidr',
  ];
  for (const option of [...groups, ...others])
    expect(may('rotate-vpn', 'ec2:ModifyVpnTunnelOptions', own, { [`ec2:${option}`]: '1' })).toBe(false);
  expect(may('rotate-vpn', 'ec2:DeleteVpnConnection', own)).toBe(false);
});

test('each role reads the escrow of its own kinds alone, and that of upstream credentials reads no value', () => {
  const readers = (name: string) => who('secretsmanager:GetSecretValue', secret(name));
  expect(readers('td/rotation/acme-hq')).toEqual(['rotate-vpn']);
  expect(readers('td/rotation/acme-ci')).toEqual(['rotate']);
  expect(readers('td/rotation/github-app')).toEqual(['rotate', 'report', 'provision-plan', 'provision']);
  expect(readers('td/rotation/acme-ci-2')).toEqual([]);
  expect(readers('td/prod/orders/database')).toEqual([]);
  expect(readers('ecr-pullthroughcache/hub')).toEqual([]);
  const hub = secret('ecr-pullthroughcache/hub');
  expect(may('rotate-registry', 'secretsmanager:UpdateSecretVersionStage', hub)).toBe(true);
  expect(may('rotate-registry', 'secretsmanager:PutSecretValue', hub)).toBe(false);
  expect(may('rotate-registry', 'secretsmanager:UpdateSecretVersionStage', secret('td/prod/db'))).toBe(false);
});

test('rotate works on the users and secrets of the contract alone, and on the key of the App by reading it', () => {
  for (const action of ['iam:CreateAccessKey', 'iam:UpdateAccessKey', 'iam:DeleteAccessKey']) {
    expect(who(action, user('td-rotatable/acme-ci'))).toEqual(['rotate']);
    expect(who(action, user('td-rotatable/other'))).toEqual([]);
    expect(who(action, user('acme-ci'))).toEqual([]);
  }
  expect(may('rotate', 'secretsmanager:PutSecretValue', secret('td/rotation/github-app'))).toBe(false);
  const { policies } = roleOf(rendered, 'td-prod-rotate');
  const leak = statementsOf(policies['td-prod-rotate-leak'] as PolicyDocument);
  expect(leak.flatMap(({ Action }) => many(Action))).toEqual(['iam:PutUserPolicy']);
  expect(who('iam:PutUserPolicy', user('td-rotatable/acme-ci'))).toEqual(['rotate']);
});

test('report sees how old credentials are, and no value, no object but contract and journals, and nothing to change', () => {
  const vault = `arn:aws:s3:::td-vault-acme-prod-${ACCOUNT}`;
  expect(may('report', 'secretsmanager:DescribeSecret', secret('td/rotation/acme-ci'))).toBe(true);
  expect(may('report', 'secretsmanager:DescribeSecret', secret('td/prod/orders/database'))).toBe(false);
  expect(may('report', 'iam:ListAccessKeys', user('td-rotatable/forgotten'))).toBe(true);
  expect(may('report', 'iam:ListAccessKeys', user('admin'))).toBe(false);
  expect(may('report', 's3:GetObject', `${vault}/rotation/ci-legacy/0001/0000.json`)).toBe(true);
  expect(may('report', 's3:GetObject', `${vault}/objects/sha256/x`)).toBe(false);
  const { policies } = roleOf(rendered, 'td-prod-report');
  const granted = Object.values(policies)
    .flatMap((document) => [...statementsOf(document as PolicyDocument)])
    .flatMap(({ Action }) => many(Action));
  expect(granted.filter((action) => !/:(List|Describe|Get|Lookup)/.test(action))).toEqual([]);
  // the key of the App, where the contract has one
  expect(may('report', 'secretsmanager:GetSecretValue', secret('td/rotation/github-app'))).toBe(true);
});

test('access says who has the role for incidents while it has its boundary, and becomes nobody', () => {
  const role = `arn:aws:iam::${ACCOUNT}:role/td/break-glass/td-prod-break-glass`;
  const bounded = {
    'iam:PermissionsBoundary': `arn:aws:iam::${ACCOUNT}:policy/td/break-glass/td-prod-break-glass-boundary`,
  };
  expect(who('iam:UpdateAssumeRolePolicy', role)).toEqual(['access']);
  expect(who('iam:PutRolePolicy', role, bounded)).toEqual(['access']);
  expect(may('access', 'iam:PutRolePolicy', role)).toBe(false);
  for (const other of [`${role}2`, `arn:aws:iam::${ACCOUNT}:role/td/prod/td-prod-access`])
    expect(may('access', 'iam:UpdateAssumeRolePolicy', other)).toBe(false);
  // a trust policy that names it would let it in without any permission
  const { policies } = roleOf(rendered, 'td-prod-access');
  for (const action of ['sts:AssumeRole', 'iam:PassRole'])
    expect(says(policies['td-prod-access'], action, role)).toBe('denied');
});

test('the role for incidents is kept from staying, from hiding, and from the vault', () => {
  const { boundary } = roleOf(rendered, 'td-prod-break-glass');
  const within = (action: string, resource = '*') => says(boundary?.document, action, resource);
  expect(within('ecs:UpdateService', service)).toBe('allowed');
  for (const action of ['iam:CreateUser', 'sts:AssumeRole', 'cloudtrail:StopLogging', 'kms:Sign'])
    expect(within(action)).toBe('denied');
  // without the key that signs grants none can be closed
  for (const action of ['kms:DisableKey', 'kms:UpdateAlias', 'cloudtrail:StopEventDataStoreIngestion'])
    expect(within(action)).toBe('denied');
  expect(within('s3:PutObject', `arn:aws:s3:::td-vault-acme-prod-${ACCOUNT}/x`)).toBe('denied');
});

test('the key of journals answers to the roles of the kinds that are there and to what opens grants, and no other key does', () => {
  const signers = (duty: string) => {
    const key = rendered.keys.find((each) => each.duty === duty);
    const role = (name: string) => `arn:aws:iam::${ACCOUNT}:role/td/prod/td-prod-${name}`;
    return ROLES.filter((name) => JSON.stringify(key?.policy).includes(`"${role(name)}"`));
  };
  expect(signers('rotate')).toEqual(['rotate', 'rotate-secret', 'rotate-registry', 'rotate-vpn', 'access']);
  for (const duty of ['build', 'gate', 'approve', 'deploy']) expect(signers(duty)).toEqual([duty]);
  expect(acme().environments['staging']?.credentials).toBeUndefined();
});
