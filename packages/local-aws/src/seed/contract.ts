/** What a seed reads of a published tenant contract. The contract's own schema is `tenancy`'s; here it is only read. */
export interface SeedContract {
  readonly id: string;
  readonly account: string;
  readonly partition: string;
  readonly repositories: readonly SeedRepository[];
  readonly operations: Omit<SeedRepository, 'services'>;
  readonly environments: Readonly<Record<string, SeedEnvironment>>;
}

export interface SeedRepository {
  /** `owner/name` on GitHub. */
  readonly repository: string;
  readonly repositoryId: number;
  readonly ownerId: number;
  readonly services: readonly string[];
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
  /** `repository@sha256:…` */
  readonly probe?: { readonly image: string };
  readonly registry?: {
    readonly encryption?: { readonly type: 'AES256' | 'KMS' | 'KMS_DSSE'; readonly key?: string };
    readonly createIfMissing?: boolean;
    readonly replicatedTo?: readonly string[];
    readonly signingProfile?: string;
  };
  readonly credentials?: readonly SeedCredential[];
  readonly githubApp?: { readonly key: string };
  readonly breakGlass?: {
    readonly role: string;
    readonly approval: { readonly environment: string };
  };
  readonly approval: { readonly environment: string };
  readonly protection: { readonly environment: string; readonly branches: readonly string[] };
  readonly evidence: { readonly retentionDays: number };
}

/** Of these members a credential has those of its kind. */
export interface SeedCredential {
  readonly kind: string;
  readonly user?: string;
  readonly escrow?: string;
  readonly secret?: string;
  readonly vpn?: string;
  readonly consumers?: readonly { readonly secret?: string }[];
}

export interface SeedService {
  readonly layer: string;
  readonly repository: string;
  readonly family: string;
  readonly targetGroup: string;
  readonly logGroup: string;
  readonly capacity: { readonly base: number; readonly maximum: number };
}

/** Takes parsed YAML or JSON for a contract, and says what is missing rather than seeding half a tenant. */
export function readContract(value: unknown): SeedContract {
  const missing = ['id', 'account', 'partition', 'repositories', 'operations', 'environments'].filter(
    (member) => Reflect.get(Object(value), member) === undefined,
  );
  if (missing.length > 0) throw new Error(`this is no tenant contract: ${missing.join(', ')} missing`);
  return value as SeedContract; // a contract that tenancy has not refused has these members
}
