const ECR = /^(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.[a-z.]+$/;

/**
 * Whether a host is the registry of Amazon ECR of this account and region. local-aws serves the registries of all its
 * accounts at one loopback address.
 */
export function isOwnRegistry(
  host: string,
  { account, region }: { readonly account: string; readonly region: string },
  local: boolean,
): boolean {
  const [, owner, at] = ECR.exec(host) ?? [];
  return owner === undefined
    ? local && /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host)
    : owner === account && at === region;
}
