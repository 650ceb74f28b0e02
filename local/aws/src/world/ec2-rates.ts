import type { Bucket } from './buckets.ts';

const PAGE = 'Request throttling for the Amazon EC2 API';

/** "Uncategorized actions" of that page, as far as networks go: how many a bucket holds and how many come back. */
const UNCATEGORIZED: Readonly<Record<string, readonly [burst: number, sustained: number]>> = {
  AssignPrivateNatGatewayAddress: [10, 1],
  AssociateNatGatewayAddress: [10, 1],
  CreateNatGateway: [10, 1],
  CreateNetworkInterface: [100, 5],
  CreateTags: [100, 10],
  CreateVpcEndpoint: [4, 0.3],
  CreateVpcEndpointServiceConfiguration: [10, 1],
  DeleteNatGateway: [10, 1],
  DeleteNetworkInterface: [100, 5],
  DeleteTags: [100, 10],
  DeleteVpcEndpoints: [4, 0.3],
  DescribeSecurityGroupReferences: [20, 5],
  DescribeStaleSecurityGroups: [20, 5],
  DisassociateNatGatewayAddress: [10, 1],
  ModifyNetworkInterfaceAttribute: [100, 5],
  ModifyVpcEndpoint: [4, 0.3],
  MoveAddressToVpc: [1, 1],
};

/** They draw from a smaller bucket when they are asked with neither a filter nor a page size. */
const WHOLE: ReadonlySet<string> = new Set(['DescribeNetworkInterfaces', 'DescribeSecurityGroups']);

/** Each operation of EC2 has a bucket of its own. */
export function ec2Bucket(operation: string, narrowed: boolean): Bucket {
  const [burst, sustained] = UNCATEGORIZED[operation] ?? categoryOf(operation, narrowed);
  return {
    name: operation,
    page: PAGE,
    service: 'ec2',
    burst,
    sustained,
    refusal: { code: 'RequestLimitExceeded', says: 'Request limit exceeded.' },
  };
}

function categoryOf(operation: string, narrowed: boolean): readonly [burst: number, sustained: number] {
  if (!/^(Describe|List|Search|Get)/.test(operation)) return [50, 5];
  return WHOLE.has(operation) && !narrowed ? [50, 10] : [100, 20];
}
