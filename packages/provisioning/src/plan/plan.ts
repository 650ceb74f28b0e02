import { canonicalJson, type Digest, isDigest, PARTS, PROVISIONING_KINDS } from '@tenant-delivery/domain';
import * as v from 'valibot';

const digest = v.custom<Digest>((value) => typeof value === 'string' && isDigest(value), 'must be a digest');
const count = v.pipe(v.number(), v.integer(), v.minValue(0));

const PlannedChange = v.strictObject({
  logicalId: v.string(),
  type: v.string(),
  /** Of a resource that is there. */
  id: v.nullable(v.string()),
  /** `replace` is also what CloudFormation says may be replaced; `keep`: the stack lets it go, and it stays. */
  action: v.picklist(['add', 'modify', 'replace', 'remove', 'keep', 'import']),
  properties: v.array(
    v.strictObject({ path: v.string(), before: v.nullable(v.string()), after: v.nullable(v.string()) }),
  ),
});
export type PlannedChange = v.InferOutput<typeof PlannedChange>;

const PlannedStack = v.strictObject({
  name: v.string(),
  region: v.string(),
  /**
   * `import` takes in what is there and changes nothing. `withdraw` empties a stack by its change set and deletes it; `delete`
   * is for one that is empty already.
   */
  action: v.picklist(['create', 'import', 'update', 'unchanged', 'withdraw', 'delete']),
  /** `null` where nothing is executed. */
  changeSet: v.nullable(v.string()),
  /** Of the bytes that CloudFormation got. */
  template: v.nullable(digest),
  /**
   * Where nothing is executed: of the bytes that the stack has and keeps. CloudFormation finds no change between them and those it
   * got, though an earlier release may have said otherwise what stays when the stack goes.
   */
  keeps: v.optional(digest),
  parameters: v.record(v.string(), v.string()),
  /** Of the stack policy, which is set before the change set is executed. */
  policy: digest,
  changes: v.array(PlannedChange),
  /** Of an import: what the change after it would change in place, and what it would make. */
  afterImport: v.optional(
    v.strictObject({
      differences: v.array(
        v.strictObject({
          logicalId: v.string(),
          type: v.string(),
          path: v.string(),
          live: v.nullable(v.string()),
          agreed: v.string(),
        }),
      ),
      made: v.array(v.strictObject({ logicalId: v.string(), type: v.string() })),
    }),
  ),
});
export type PlannedStack = v.InferOutput<typeof PlannedStack>;

const FixedCosts = v.strictObject({
  natGateways: count,
  addresses: count,
  vpnConnections: count,
  interfaceEndpoints: count,
  loadBalancers: count,
  keys: count,
});
export type FixedCosts = v.InferOutput<typeof FixedCosts>;

const PlannedRepository = v.strictObject({
  repository: v.string(),
  /** What the App of the contract sets, with what differs now. */
  sets: v.array(
    v.strictObject({
      of: v.picklist(['approval', 'deployment', 'ruleset']),
      because: v.array(v.string()),
      /** All that setting it changes, also what goes. A plan of an earlier release has none, and sets nothing any more. */
      changes: v.optional(
        v.array(
          v.strictObject({ path: v.string(), before: v.nullable(v.string()), after: v.nullable(v.string()) }),
        ),
        [],
      ),
      /** What others added to it that is stricter, and stays. */
      keeps: v.optional(v.array(v.string()), []),
    }),
  ),
  /** What a person sets, a sentence each. */
  byHand: v.array(v.string()),
  /** Why all is left to a person; `null` where an App sees the repository. */
  why: v.nullable(v.string()),
});

const RecoveryStack = v.strictObject({
  name: v.string(),
  region: v.string(),
  /**
   * `ready`: as the contract asks. `behind`: so too, and an alarm says that copies or backups fail. `unknown`: it could not be
   * looked at, which is never taken for ready or absent.
   */
  state: v.picklist(['ready', 'behind', 'absent', 'different', 'unknown']),
  /** What its administrator's run would do, by resource and property. */
  changes: v.array(PlannedChange),
  /** Beside that, in a sentence; `null` where the changes say all. */
  why: v.nullable(v.string()),
  /** What the administrator runs. */
  command: v.string(),
});
export type RecoveryStack = v.InferOutput<typeof RecoveryStack>;

const PlannedBackup = v.strictObject({
  /** ARN of what is backed up. */
  resource: v.string(),
  /** In AWS Backup's words: `S3`. */
  kind: v.string(),
  /** The backup vault that keeps it, in the region of the environment. */
  vault: v.string(),
  /** ARN of the role with which AWS Backup reads it. */
  role: v.string(),
  /** How long the backup is kept. */
  days: count,
});
export type PlannedBackup = v.InferOutput<typeof PlannedBackup>;

/**
 * What provisioning will do to the stacks of one part. Its digest is what people approve, so it holds nothing that moves by
 * itself, and nothing secret. A template is named by the digest of its bytes; they are in the vault.
 */
export const StackPlan = v.strictObject({
  schemaVersion: v.literal(1),
  tenant: v.string(),
  environment: v.string(),
  part: v.picklist(PARTS),
  kind: v.picklist(PROVISIONING_KINDS),
  /** The signed contract. */
  contract: digest,
  /** In the order in which they are made, or taken away. */
  stacks: v.array(PlannedStack),
  /** Load balancers whose deletion protection is lifted first, by name. */
  lifts: v.array(v.string()),
  /** Of a withdrawal: what is backed up before anything is taken away. Plans of earlier releases have none. */
  backups: v.optional(v.array(PlannedBackup)),
  /** What cannot be undone, a sentence each. */
  irreversible: v.array(v.string()),
  /** How many of what is paid for by the hour there are afterwards, in the stacks of this part. */
  fixedCosts: FixedCosts,
  /** Repositories at GitHub, where the foundation is provisioned. */
  github: v.optional(v.array(PlannedRepository)),
  /** What recovers the environment, beside a foundation whose contract asks for it. The administrator makes it. */
  recovery: v.optional(v.array(RecoveryStack)),
});
export type StackPlan = v.InferOutput<typeof StackPlan>;

/** Whether anything is to be done. */
export function changesAnything({ stacks, github = [] }: StackPlan): boolean {
  return stacks.some(({ action }) => action !== 'unchanged') || github.some(({ sets }) => sets.length > 0);
}

/** What differs between the plan that was approved and what would be done now, a sentence each. */
export function stackPlanDifferences(approved: StackPlan, now: StackPlan): readonly string[] {
  const names = [...new Set([...approved.stacks, ...now.stacks].map(({ name }) => name))];
  return names.flatMap((name) => {
    const [before, after] = [approved, now].map(({ stacks }) => stacks.find((stack) => stack.name === name));
    if (!before || !after) return [`${name}: it is ${before ? 'not there any more' : 'new'}`];
    const members = Object.keys(before) as (keyof PlannedStack)[]; // its own keys
    return members.flatMap((member) => {
      const [from, to] = [before, after].map((stack) => canonicalJson(stack[member]));
      return from === to ? [] : [`${name}: ${member} was approved as ${cut(from)}, and is ${cut(to)}`];
    });
  });
}

function cut(text = 'nothing'): string {
  return text.length > 300 ? `${text.slice(0, 299).toWellFormed()}…` : text;
}
