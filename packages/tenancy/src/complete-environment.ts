import type { EnvironmentContract } from './contract.ts';

/** An environment whose VPC, subnets and security groups have ids, so that a service can be delivered there. */
export interface CompleteEnvironment extends EnvironmentContract {
  readonly vpc: { readonly id: string; readonly cidr: string };
  readonly layers: Readonly<Record<string, CompleteLayer>>;
}

interface CompleteLayer {
  readonly subnets: string[];
  readonly securityGroups: string[];
}

/** The environment if it is complete, else each id that is missing, as a path in the contract. */
export function completeEnvironment(
  environment: EnvironmentContract,
): { readonly environment: CompleteEnvironment } | { readonly missing: readonly string[] } {
  const { vpc, layers } = environment;
  const missing = [
    ...(vpc.id === undefined ? ['vpc.id'] : []),
    ...Object.entries(layers).flatMap(([name, { subnets, securityGroups }]) => [
      ...(subnets === undefined ? [`layers.${name}.subnets`] : []),
      ...(securityGroups === undefined ? [`layers.${name}.securityGroups`] : []),
    ]),
  ];
  if (missing.length > 0) return { missing };
  return { environment: environment as CompleteEnvironment }; // nothing is missing
}
