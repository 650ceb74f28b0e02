/** The partition of a region, and the suffix of its addresses. */
export function partitionOf(region: string): { readonly partition: string; readonly suffix: string } {
  if (region.startsWith('cn-')) return { partition: 'aws-cn', suffix: 'amazonaws.com.cn' };
  return { partition: region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws', suffix: 'amazonaws.com' };
}
