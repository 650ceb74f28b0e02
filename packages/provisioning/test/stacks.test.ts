import { describe, expect, it, test } from '@jest/globals';
import type { TenantContract } from '@tenant-delivery/tenancy/contract';
import { contractOfSize, SHAPES, type Shape } from '../src/contract-of-size.ts';
import { renderEnvironment } from '../src/environment.ts';
import { stacksOf } from '../src/stacks/stacks-of.ts';
import type { Template } from '../src/stacks/template.ts';
import { templateMistakes } from './template-mistakes.ts';

const RELEASED = {
  provider: 'OWNER/tenant-delivery',
  publishers: ['arn:aws:iam::000011112222:role/publisher'],
};
const INLINE = 51_200; // bytes of a template that travels in the request ("AWS CloudFormation quotas")

function stacks(contract: TenantContract) {
  const [name = ''] = Object.keys(contract.environments);
  const rendered = renderEnvironment(contract, name, { ...RELEASED, releases: contract.releases ?? [] });
  return stacksOf(contract, name, rendered);
}

function template(contract: TenantContract, ending: string): Template {
  const found = stacks(contract).find(({ name }) => name.endsWith(ending));
  if (!found) throw new Error(`no stack ends with ${ending}`);
  return found.template;
}

const of = (type: string, { Resources }: Template) =>
  Object.values(Resources).filter(({ Type }) => Type === type);
const SMALL = contractOfSize(SHAPES['1/1/1'] as Shape);

describe('the stacks of an environment', () => {
  it.each(Object.entries(SHAPES))(
    'are what AWS’s own schemas allow, and fit into a request: %s',
    (_, shape) => {
      for (const { name, template: one } of stacks(contractOfSize(shape))) {
        expect([name, templateMistakes(one)]).toEqual([name, []]);
        expect([name, Object.keys(one.Resources).length > 0]).toEqual([name, true]);
        expect([name, Buffer.byteLength(JSON.stringify(one)) <= INLINE]).toEqual([name, true]);
      }
    },
  );

  it('are account, provisioning, foundation, network, and one for each service; operations where it has anything', () => {
    expect(stacks(SMALL).map(({ name }) => name)).toEqual([
      'td-acme-account',
      'td-acme-prod-provisioning',
      'td-acme-prod-foundation',
      'td-acme-prod-network',
      'td-acme-prod-orders-0',
    ]);
    const rotating = stacks(contractOfSize(SHAPES['1/1/2, longest names'] as Shape));
    expect(rotating.map(({ name }) => name.split('-').at(-1))).toContain('operations');
  });

  it('leave the repository to the environment that makes it, where another one does', () => {
    const contract = structuredClone(SMALL);
    const [service] = Object.values(contract.environments['prod']?.services ?? {});
    Object.assign(service?.provision ?? {}, { repositoryOf: 'staging' });
    const repositories = (given: TenantContract) => of('AWS::ECR::Repository', template(given, '-orders-0'));
    expect([repositories(SMALL).length, repositories(contract).length]).toEqual([1, 0]);
  });

  it('have no policy without a statement, which IAM refuses, where no credential is a user of IAM', () => {
    const [name = ''] = Object.keys(SMALL.environments);
    const prod = SMALL.environments[name] as TenantContract['environments'][string];
    const key = {
      kind: 'github-deploy-key',
      id: 'clone',
      repository: 'acme/library',
      escrow: 'td/clone',
    } as const;
    const environment = { ...prod, credentials: [{ ...key, consumers: [] }] };
    const { roles } = renderEnvironment({ ...SMALL, environments: { [name]: environment } }, name, {
      ...RELEASED,
      releases: [],
    });
    expect(roles.map(({ kind }) => kind)).toContain('rotate');
    const empty = roles.flatMap(({ policies }) =>
      Object.entries(policies).flatMap(([called, { Statement }]) => (Statement.length > 0 ? [] : [called])),
    );
    expect(empty).toEqual([]);
  });

  it('have every role and every key of the contract once, each key after the roles that its policy names', () => {
    const contract = contractOfSize(SHAPES['1/1/2, longest names'] as Shape);
    const [name = ''] = Object.keys(contract.environments);
    const { roles, keys } = renderEnvironment(contract, name, {
      ...RELEASED,
      releases: contract.releases ?? [],
    });
    const all = stacks(contract).map((stack) => stack.template);
    const named = (type: string, property: string) =>
      all.flatMap((one) => of(type, one).map(({ Properties }) => Properties?.[property])).sort();
    const ofServices = (role: unknown) =>
      /^td-acmex+-prodx+-(backup|registry|replication)$/.test(String(role)); // roles of AWS's own services
    expect(named('AWS::IAM::Role', 'RoleName').filter((role) => role && !ofServices(role))).toEqual(
      roles.map((role) => role.name).sort(),
    );
    expect(named('AWS::KMS::Alias', 'AliasName')).toEqual(keys.map(({ alias }) => alias).sort());
    for (const one of all) for (const key of of('AWS::KMS::Key', one)) expect(key.DependsOn).not.toEqual([]);
  });

  it('are account, provisioning and foundation where the network is made by other means', () => {
    const [name = ''] = Object.keys(SMALL.environments);
    const { network: _, ...environment } = SMALL.environments[name] as TenantContract['environments'][string];
    const without = { ...SMALL, environments: { [name]: environment } };
    expect(stacks(without).map((stack) => stack.name)).toEqual([
      'td-acme-account',
      'td-acme-prod-provisioning',
      'td-acme-prod-foundation',
    ]);
  });

  it.each<readonly [string, Template['Resources'], string]>([
    ['a type that there is not', { A: { Type: 'AWS::EC2::Vpcs' } }, 'A: there is no AWS::EC2::Vpcs'],
    [
      'a property that there is not',
      { A: { Type: 'AWS::EC2::VPC', Properties: { Cidr: '' } } },
      'A: there is no Cidr',
    ],
    [
      'a property of another type',
      { A: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: 1 } } },
      'A.CidrBlock: 1 is no string',
    ],
    ['a property that is missing', { A: { Type: 'AWS::EC2::Subnet' } }, 'A: VpcId is missing'],
    [
      'a reference to nothing',
      { A: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: { Ref: 'B' } } } },
      'A: Ref of B, which is not there',
    ],
    [
      'an attribute that there is not',
      {
        A: { Type: 'AWS::EC2::VPC' },
        B: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: { 'Fn::GetAtt': ['A', 'Id'] } } },
      },
      'B: there is no A.Id',
    ],
  ])('would be refused with %s', (_, Resources, mistake) => {
    const planted = { AWSTemplateFormatVersion: '2010-09-09' as const, Description: '', Resources };
    expect(templateMistakes(planted).join('\n')).toContain(mistake);
  });
});

describe('the network', () => {
  const network = template(SMALL, '-network');

  it('keeps, when it goes, what others rely on: VPC, subnets, addresses, links, flow logs', () => {
    const kept = Object.values(network.Resources).filter(
      (one) => one.DeletionPolicy === 'RetainExceptOnCreate',
    );
    expect(new Set(kept.map(({ Type }) => Type))).toEqual(
      new Set([
        'AWS::EC2::VPC',
        'AWS::EC2::Subnet',
        'AWS::EC2::EIP',
        'AWS::EC2::VPNGateway',
        'AWS::EC2::CustomerGateway',
        'AWS::EC2::VPNConnection',
        'AWS::Logs::LogGroup',
      ]),
    );
    for (const one of kept) expect(one.UpdateReplacePolicy).toBe('Retain');
  });

  it.each([
    [2_147_483_647, { BgpAsn: 2_147_483_647 }],
    [2_147_483_648, { BgpAsnExtended: 2_147_483_648 }],
  ])('names the autonomous system %d of a link as EC2 has it', (asn, named) => {
    const contract = structuredClone(SMALL);
    const hq = contract.environments['prod']?.network?.links?.['hq'];
    Object.assign(hq ?? {}, { asn });
    const made = template(contract, '-network');
    const [gateway] = of('AWS::EC2::CustomerGateway', made);
    const { BgpAsn, BgpAsnExtended } = gateway?.Properties ?? {};
    expect({
      ...(BgpAsn !== undefined && { BgpAsn }),
      ...(BgpAsnExtended !== undefined && { BgpAsnExtended }),
    }).toEqual(named);
    expect(templateMistakes(made)).toEqual([]);
  });

  it('opens the ports of the layer matrix between its groups, and nothing to the world', () => {
    const rules = of('AWS::EC2::SecurityGroupIngress', network).map(({ Properties }) => Properties);
    expect(rules).toEqual([
      {
        GroupId: { 'Fn::GetAtt': ['GroupApp', 'GroupId'] },
        SourceSecurityGroupId: { 'Fn::GetAtt': ['GroupEdge', 'GroupId'] },
        IpProtocol: 'tcp',
        FromPort: 8080,
        ToPort: 8099,
      },
      {
        GroupId: { 'Fn::GetAtt': ['GroupEdge', 'GroupId'] },
        CidrIp: '192.168.0.0/16',
        IpProtocol: 'tcp',
        FromPort: 443,
        ToPort: 443,
      },
    ]);
    for (const { Properties } of of('AWS::EC2::SecurityGroup', network)) {
      expect(JSON.stringify(Properties?.['SecurityGroupIngress'] ?? [])).not.toContain('0.0.0.0/0');
    }
  });

  it('leads a layer out by the gateway of its own zone, and a layer without egress nowhere', () => {
    const out = Object.entries(network.Resources).filter(([, { Type }]) => Type === 'AWS::EC2::Route');
    const ways = out.map(([id, { Properties }]) => [
      id,
      Reflect.get(Object(Properties?.['NatGatewayId']), 'Ref'),
    ]);
    expect(ways.filter(([, nat]) => nat !== undefined)).toEqual(
      ['Euw1Az1', 'Euw1Az2', 'Euw1Az3'].map((zone) => [`RoutesApp${zone}Out`, `Nat${zone}`]),
    );
  });

  it('gives out one named address a zone, for the customer’s firewall', () => {
    expect(Object.keys(network.Outputs ?? {}).filter((id) => id.startsWith('Address'))).toEqual([
      'AddressEuw1Az1',
      'AddressEuw1Az2',
      'AddressEuw1Az3',
    ]);
  });

  it('holds no key of a link', () => {
    for (const { Properties } of of('AWS::EC2::VPNConnection', network)) {
      expect(Properties).toMatchObject({ PreSharedKeyStorage: 'SecretsManager' });
      expect(JSON.stringify(Properties)).not.toContain('PreSharedKey"');
    }
  });
});

test('a service starts within the agreed range, and no stack sets its number of tasks', () => {
  const service = template(SMALL, '-orders-0');
  expect(of('AWS::ECS::Service', service)[0]?.Properties).not.toHaveProperty('DesiredCount');
  expect(of('AWS::ApplicationAutoScaling::ScalableTarget', service)[0]?.Properties).toMatchObject({
    MinCapacity: 2,
    MaxCapacity: 6,
  });
});
