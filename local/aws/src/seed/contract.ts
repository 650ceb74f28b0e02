/** What a seed reads of a published tenant contract. The contract's own schema is `tenancy`'s; here it is only read. */
export interface SeedContract {
  readonly id: string;
  readonly account: string;
  readonly partition: string;
  readonly environments: Readonly<Record<string, SeedEnvironment>>;
}

export interface SeedEnvironment {
  readonly region: string;
  readonly vpc: { readonly id: string; readonly cidr: string };
  readonly zones: readonly string[];
  readonly layers: Readonly<
    Record<string, { readonly subnets: readonly string[]; readonly securityGroups: readonly string[] }>
  >;
  readonly cluster: string;
  readonly loadBalancer: {
    readonly name: string;
    readonly scheme: 'internal' | 'internet-facing';
    readonly listenerPort: number;
  };
  readonly services: Readonly<Record<string, SeedService>>;
  readonly registry?: {
    readonly encryption?: { readonly type: 'AES256' | 'KMS' | 'KMS_DSSE'; readonly key?: string };
    readonly createIfMissing?: boolean;
    readonly replicatedTo?: readonly string[];
    readonly signingProfile?: string;
  };
}

export interface SeedService {
  readonly layer: string;
  readonly repository: string;
  readonly family: string;
  readonly targetGroup: string;
  readonly logGroup: string;
  readonly capacity: { readonly base: number; readonly maximum: number };
}

/** Whether the contract names the network. Of an environment whose network is still to be made, it has no ids. */
export function hasNetwork({ vpc }: { readonly vpc: { readonly id?: string } }): boolean {
  return vpc.id !== undefined;
}

/** Takes parsed YAML or JSON for a contract, and says what is missing rather than seeding half a tenant. */
export function readContract(value: unknown): SeedContract {
  const missing = ['id', 'account', 'partition', 'environments'].filter(
    (member) => Reflect.get(Object(value), member) === undefined,
  );
  if (missing.length > 0) throw new Error(`this is no tenant contract: ${missing.join(', ')} missing`);
  return value as SeedContract; // a contract that tenancy has not refused has these members
}
