import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { type LocalAws, startLocalAws } from '@tenant-delivery/local-aws';
import { describeWith } from '@tenant-delivery/testkit/optional-tool';
import { type Command, command } from './command.ts';

jest.setTimeout(60_000); // programs of others start slowly where much else runs

describeWith('aws', 'the aws command line, with a network to make', (program) => {
  let local: LocalAws;
  let aws: Command;
  const folder = mkdtempSync(join(tmpdir(), 'td-network-'));

  beforeAll(async () => {
    local = await startLocalAws({ runtime: 'simulated' });
    const { accessKeyId, secretAccessKey } = local.addAccount('000011112222');
    aws = command(program, folder, {
      AWS_ENDPOINT_URL: local.url,
      AWS_REGION: 'eu-west-1',
      AWS_PAGER: '',
      AWS_MAX_ATTEMPTS: '1',
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
    });
  });
  afterAll(async () => {
    await local.close();
    rmSync(folder, { recursive: true });
  });

  const text = async (line: string) => (await aws([...line.split(' '), '--output', 'text'])).trim();
  const refusal = (line: string) => aws.refused(line.split(' '));

  test('makes it, finds it by filters, and is told what is in the way', async () => {
    const tags = '--tag-specifications ResourceType=vpc,Tags=[{Key=Name,Value=acme}]';
    const vpc = await text(`ec2 create-vpc --cidr-block 10.0.0.0/16 ${tags} --query Vpc.VpcId`);
    await aws(['ec2', 'wait', 'vpc-available', '--vpc-ids', vpc]); // EC2 may not know at once what it has just made
    const [zone, group, topic, vault] = await Promise.all([
      text(
        `ec2 create-subnet --vpc-id ${vpc} --cidr-block 10.0.1.0/24 --availability-zone-id euw1-az2 --query Subnet.AvailabilityZone`,
      ),
      text(`ec2 create-security-group --group-name app --description app --vpc-id ${vpc} --query GroupId`),
      text('sns create-topic --name acme --query TopicArn'),
      text('backup create-backup-vault --backup-vault-name td-acme-prod --query BackupVaultName'),
    ]);
    await aws(['ec2', 'wait', 'security-group-exists', '--group-ids', group]);
    expect([zone, vault]).toEqual(['eu-west-1b', 'td-acme-prod']);
    const rule = `--group-id ${group} --protocol tcp --port 443 --cidr 10.0.0.0/16`;
    const [ports, found, pending, conflict, used, unknown] = await Promise.all([
      text(
        `ec2 authorize-security-group-ingress ${rule} --query SecurityGroupRules[].[FromPort,CidrIpv4,IsEgress]`,
      ),
      text(
        `ec2 describe-vpcs --filters Name=tag:Name,Values=ac* Name=cidr,Values=10.0.0.0/16 --query Vpcs[].VpcId`,
      ),
      text(`sns subscribe --topic-arn ${topic} --protocol email --notification-endpoint sre@example.com`),
      refusal(`ec2 create-subnet --vpc-id ${vpc} --cidr-block 10.0.1.128/25`),
      refusal(`ec2 delete-vpc --vpc-id ${vpc}`),
      refusal('ec2 describe-vpcs --filters Name=colour,Values=red'),
    ]);
    expect([ports, found, pending]).toEqual(['443\t10.0.0.0/16\tFalse', vpc, 'pending confirmation']);
    expect(conflict).toMatch(
      /\(InvalidSubnet.Conflict\).*The CIDR '10\.0\.1\.128\/25' conflicts with another subnet/,
    );
    expect(used).toContain('DependencyViolation');
    expect(unknown).toContain("The filter 'colour' is invalid");
  });
});
