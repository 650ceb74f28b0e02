import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { root } from '@tenant-delivery/local-platform/provider-repository';
import {
  contractOfSize,
  recoveredIn,
  SHAPES,
  type Shape,
} from '@tenant-delivery/provisioning/contract-of-size';
import { renderEnvironment } from '@tenant-delivery/provisioning/environment';
import { stacksOf } from '@tenant-delivery/provisioning/stacks/stacks-of';
import { TenantContract } from '@tenant-delivery/tenancy/contract';
import { readYaml } from '@tenant-delivery/tenancy/read-yaml';

/**
 * cdk-nag and what it needs are 190 MB, and only this suite uses them: it installs them beside the project, exactly as the
 * lock file says and without running a script of theirs.
 */
const HERE = join(import.meta.dirname, 'cdk-nag');
const INSTALLED = join(root, 'node_modules/.cache/cdk-nag');

interface Finding {
  readonly stack: string;
  readonly rule: string;
  readonly at: string;
}

/** What is found and stays, each with the reason. One that is found nowhere any more has to go. */
const ACKNOWLEDGED: readonly (readonly [finding: RegExp, why: string])[] = [
  [
    /IAM5\[Action::\*\] .*Boundary$/,
    'A boundary allows nothing by itself; each then denies what its roles may not have.',
  ],
  [
    /IAM5\[Resource::\*\] .*\/(Boundary|Role\w+|BackupRole)$/,
    'For actions that know no resource, or under a condition: a test below looks at each statement.',
  ],
  [
    /IAM5\[Resource::arn:.*\] .*\/(Role\w+|ReplicationRole|RegistryRole)$/,
    'Roles know what an environment has by its place, so that they do not grow: docs/roles-within-quotas.md.',
  ],
  [
    /IAM5\[Resource::arn:aws:(s3:::.*|events:.*AwsBackupManagedRule\*)\] .*\/BackupRole$/,
    'The objects of one bucket, and rules that AWS Backup names so itself: "Amazon S3 backups" asks for both.',
  ],
  [/IAM5\[Action::[\w-]+:(Describe|Get|List)\w*\*\] /, 'They only read.'],
  [
    /IAM5\[Action::(ec2:\w+|elasticloadbalancing:)\*\] .*\/RoleCloudformation$/,
    'CloudFormation makes a network with some eighty actions of these two services, each on what has the tag of the contract or lies in its place.',
  ],
  [
    /IAM4\[.*AWSBackupServiceRolePolicyFor(Backup|Restores)\] /,
    'AWS Backup documents these as the ones to use.',
  ],
  [/SNS3 .*\/Topic$/, 'Only CloudWatch and AWS Backup may publish to it, and AWS speaks TLS to itself.'],
  [
    /S1 .*\/Vault(Copy)?$/,
    'CloudTrail records who read what; a log in a second bucket would need a vault of its own.',
  ],
  [
    /S10 .*\/Vault(Copy)?Policy$/,
    'The policy denies what comes without TLS; the rule does not read a bucket by its name.',
  ],
  [/ELB2 .*\/Balancer$/, 'It is internal, and the flow logs of the VPC have what reached it.'],
];

/** An environment with everything that a template can be made for. */
function whole() {
  const contract = contractOfSize(SHAPES['1/1/1'] as Shape);
  const read = readYaml(
    readFileSync(join(root, 'templates/operations-repo/tenants/acme.yaml'), 'utf8'),
    TenantContract,
  );
  const shown = 'document' in read ? read.document.environments['prod'] : undefined;
  const prod = contract.environments['prod'];
  if (!prod || !shown?.breakGlass) throw new Error('the template shows a whole environment');
  const { credentials, githubApp, breakGlass } = shown;
  const all = { ...prod, ...recoveredIn('eu-central-1'), credentials, githubApp, breakGlass };
  const released = {
    provider: 'OWNER/tenant-delivery',
    releases: contract.releases ?? [],
    publishers: ['arn:aws:iam::000011112222:role/contracts'],
  };
  const agreed = { ...contract, environments: { prod: all } };
  const stacks = stacksOf(agreed, 'prod', renderEnvironment(agreed, 'prod', released));
  return Object.fromEntries(stacks.map(({ name, template }) => [name, template]));
}

function judge(templates: object): readonly Finding[] {
  const said = execFileSync(process.execPath, ['judge.mjs'], {
    cwd: INSTALLED,
    input: JSON.stringify(templates),
  });
  return JSON.parse(said.toString()) as readonly Finding[]; // our own script's
}

const told = ({ rule, at }: Finding) => `${rule.replace('AwsSolutions-', '')} ${at}`;
const unexplained = (found: readonly Finding[]) =>
  found.map(told).filter((each) => !ACKNOWLEDGED.some(([finding]) => finding.test(each)));

describe('cdk-nag, by the rules of AWS Solutions', () => {
  const templates = whole();
  let found: readonly Finding[];
  beforeAll(() => {
    mkdirSync(INSTALLED, { recursive: true });
    cpSync(HERE, INSTALLED, { recursive: true });
    execFileSync('npm', ['ci', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'], {
      cwd: INSTALLED,
    });
    found = judge(templates);
  }, 300_000);

  it('sees every stack, and finds nothing in any that has no reason', () => {
    expect(Object.keys(templates).map((name) => name.replace(/^td-acme-(prod-)?/, ''))).toEqual([
      'account',
      'provisioning',
      'recovery',
      'backups',
      'foundation',
      'operations',
      'network',
      'orders-0',
    ]);
    expect(unexplained(found)).toEqual([]);
  });

  it.each(ACKNOWLEDGED)('still finds what is acknowledged: %s', (finding) => {
    expect(found.map(told).some((each) => finding.test(each))).toBe(true);
  });

  it.each([
    ['a group that is open to the world', 'EC23', 'AWS::EC2::SecurityGroupIngress', { CidrIp: '0.0.0.0/0' }],
    ['a key that never changes', 'KMS5', 'AWS::KMS::Key', { KeySpec: 'SYMMETRIC_DEFAULT' }],
  ])('finds %s', (_, rule, type, change) => {
    const broken = structuredClone(templates);
    const resources = Object.values(broken).flatMap(({ Resources }) => Object.values(Resources));
    const one = resources.find(({ Type }) => Type === type);
    Object.assign(one?.Properties ?? {}, change);
    expect(unexplained(judge(broken)).map((each) => each.split(' ')[0])).toContain(rule);
  });

  it('every statement about all resources reads, signs in, or is bound to the contract', () => {
    const statements = Object.values(templates).flatMap(({ Resources }) =>
      Object.values(Resources).flatMap(({ Properties }) =>
        [Properties?.['Policies'] ?? []]
          .flat()
          .flatMap((policy) => Object(policy).PolicyDocument?.Statement ?? []),
      ),
    );
    const broad = statements.filter(
      ({ Effect, Resource }) => Effect === 'Allow' && [Resource].flat().includes('*'),
    );
    expect(broad.length).toBeGreaterThan(20);
    const unbound = broad.filter(
      ({ Action, Condition }) =>
        ![Action]
          .flat()
          .every((each) => /:((Batch)?(Describe|Get|List)|Lookup|FilterLogEvents)/.test(each)) &&
        !/tenant-delivery:contract|ecs:cluster/.test(JSON.stringify(Condition ?? {})),
    );
    expect(unbound).toEqual([]);
  });
});
