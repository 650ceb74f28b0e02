import {
  DescribeSecurityGroupRulesCommand,
  EC2Client,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2';
import type { LocalPlatform } from '@tenant-delivery/local-platform';
import type { TenantContract } from '@tenant-delivery/tenancy/contract';

/** Takes away the rule that lets the edge reach the application at a port, as somebody with a key of the account can. */
export async function closeByHand(
  { aws }: LocalPlatform,
  credentials: { readonly accessKeyId: string; readonly secretAccessKey: string },
  contract: TenantContract,
  port: number,
): Promise<void> {
  const { region = '', layers } = contract.environments['prod'] ?? {};
  const [GroupId = ''] = layers?.['app']?.securityGroups ?? [];
  const ec2 = new EC2Client({ region, endpoint: aws.url, credentials });
  const { SecurityGroupRules = [] } = await ec2.send(
    new DescribeSecurityGroupRulesCommand({ Filters: [{ Name: 'group-id', Values: [GroupId] }] }),
  );
  const SecurityGroupRuleIds = SecurityGroupRules.filter(
    ({ FromPort, IsEgress }) => FromPort === port && IsEgress === false,
  ).flatMap(({ SecurityGroupRuleId }) => SecurityGroupRuleId ?? []);
  await ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, SecurityGroupRuleIds }));
}
