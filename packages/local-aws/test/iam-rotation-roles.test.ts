import { expect, test } from '@jest/globals';
import { evaluate } from '../src/policy/evaluate.ts';
import { readContract } from '../src/seed/contract.ts';
import { policy } from '../src/seed/identity.ts';
import { placeOf } from '../src/seed/place.ts';
import { templatesIn } from '../src/seed/template.ts';
import { ACME, contractOf, REGION } from './acme.ts';

const contract = readContract(contractOf('acme'));
const prod = contract.environments['prod'];
if (!prod) throw new Error('acme has no prod');
const credentials = [
  { kind: 'iam-access-key', user: 'td-rotatable/acme-ci', escrow: 'td/rotation/acme-ci' },
  { kind: 'vpn-psk', vpn: 'vpn-0acme00000hq0001', escrow: 'td/rotation/acme-hq' },
  { kind: 'pull-through', secret: 'ecr-pullthroughcache/hub' },
];
const { values } = placeOf(
  contract,
  'prod',
  { ...prod, credentials },
  { provider: 'OWNER/tenant-delivery', releases: ['refs/tags/v0.1.0'], publishers: [] },
);
const templates = templatesIn();
const may = (
  role: string,
  action: string,
  resource: string,
  context: Readonly<Record<string, string>> = {},
) =>
  evaluate(policy(templates(`permissions/${role}.json`, values)), {
    caller: undefined,
    action,
    resource,
    context: { 'aws:RequestedRegion': REGION, ...context },
  }) === 'allowed';
const secret = (name: string) => `arn:aws:secretsmanager:${REGION}:${ACME}:secret:${name}-aB3xYz`;
const vpn = (id: string) => `arn:aws:ec2:${REGION}:${ACME}:vpn-connection/${id}`;

test('rotate-vpn changes the key of a tunnel of its own connection, and nothing else of it', () => {
  const own = vpn('vpn-0acme00000hq0001');
  expect(may('rotate-vpn', 'ec2:ModifyVpnTunnelOptions', own)).toBe(true);
  expect(may('rotate-vpn', 'ec2:ModifyVpnTunnelOptions', vpn('vpn-0other'))).toBe(false);
  // IAM's reference has had two names for the groups
  const groups = [
    'ec2:Phase1DHGroup',
    'ec2:Phase2DHGroup',
    'ec2:Phase1DHGroupNumbers',
    'ec2:Phase2DHGroupNumbers',
  ];
  const others = ['ec2:Phase1EncryptionAlgorithms', 'ec2:InsideTunnelCidr', 'ec2:DPDTimeoutSeconds'];
  for (const option of [...groups, ...others, 'ec2:InsideTunnelIpv6Cidr'])
    expect(may('rotate-vpn', 'ec2:ModifyVpnTunnelOptions', own, { [option]: '1' })).toBe(false);
  expect(may('rotate-vpn', 'ec2:DeleteVpnConnection', own)).toBe(false);
});

test('each role reads the escrow of its own kinds alone, and that of upstream credentials reads no value', () => {
  const readers = (name: string) =>
    ['rotate', 'rotate-vpn', 'rotate-registry'].filter((role) =>
      may(role, 'secretsmanager:GetSecretValue', secret(name)),
    );
  expect(readers('td/rotation/acme-hq')).toEqual(['rotate-vpn']);
  expect(readers('td/rotation/acme-ci')).toEqual(['rotate']);
  expect(readers('ecr-pullthroughcache/hub')).toEqual([]);
  const hub = secret('ecr-pullthroughcache/hub');
  expect(may('rotate-registry', 'secretsmanager:UpdateSecretVersionStage', hub)).toBe(true);
  expect(may('rotate-registry', 'secretsmanager:PutSecretValue', hub)).toBe(false);
  expect(may('rotate-registry', 'secretsmanager:UpdateSecretVersionStage', secret('td/prod/db'))).toBe(false);
});
