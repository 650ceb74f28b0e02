import {
  ACCOUNT,
  canonicalJson,
  DELIVERY_KINDS,
  type DeliveryKind,
  type Digest,
  formatImage,
  type Image,
  isDigest,
  isPreApproved,
  type Target,
} from '@tenant-delivery/domain';
import * as v from 'valibot';
import type { TaskDefinition } from '../observed.ts';
import { diffTaskDefinitions } from '../task-definition/diff.ts';
import { imageOf, registrable } from '../task-definition/task-definition.ts';
import type { ServiceChange } from './service-update.ts';
import type { WantedTaskDefinition } from './wanted-task-definition.ts';

const digest = v.custom<Digest>((value) => typeof value === 'string' && isDigest(value), 'must be a digest');
const changes = v.array(
  v.strictObject({ path: v.string(), from: v.nullable(v.string()), to: v.nullable(v.string()) }),
);

/**
 * What a deploy will do: what is, what will be. Its digest is what people approve, so it holds nothing that moves by
 * itself (no counts, no times), and nothing secret. What will run is a function of `from`, the request, the manifest and
 * the image: revisions are immutable, so an ARN names its content, and the request is named by its digest.
 */
export const Plan = v.strictObject({
  schemaVersion: v.literal(1),
  kind: v.picklist(DELIVERY_KINDS),
  target: v.strictObject({
    tenant: v.string(),
    environment: v.string(),
    account: v.pipe(v.string(), v.regex(ACCOUNT)),
    region: v.string(),
    service: v.string(),
  }),
  cluster: v.string(),
  image: v.strictObject({ container: v.string(), from: v.nullable(v.string()), to: v.string() }),
  taskDefinition: v.strictObject({
    family: v.string(),
    from: v.string(),
    /** The revision that is deployed as it is; `null` when one is registered. */
    to: v.nullable(v.string()),
    changes,
  }),
  /** What of the service changes beside its task definition, because it was asked for. */
  service: v.strictObject({ changes }),
  /** The task that is run to its end before the service is updated; `null` for none. */
  migration: v.nullable(
    v.strictObject({ container: v.string(), command: v.nullable(v.array(v.string())), minutes: v.number() }),
  ),
  /** The `DeployRequest` in the tenant's vault. */
  request: digest,
  changes: v.boolean(),
  /** `normal` is approved by people; `pre-approved` is by its kind, because what it brings was approved before. */
  class: v.picklist(['normal', 'pre-approved']),
  why: v.string(),
  /** What the manifest asks for and this release does not apply, a sentence each. */
  notes: v.array(v.string()),
});

export type Plan = v.InferOutput<typeof Plan>;

export interface PlanFacts {
  readonly kind: DeliveryKind;
  readonly target: Target;
  readonly cluster: string;
  readonly container: string;
  readonly image: Image;
  /** The revision that the service runs now. */
  readonly current: TaskDefinition;
  readonly wanted: Pick<WantedTaskDefinition, 'document' | 'revision'>;
  readonly service: readonly ServiceChange[];
  readonly migration: Plan['migration'];
  readonly request: Digest;
  readonly notes: readonly string[];
}

export function makePlan(facts: PlanFacts): Plan {
  const { kind, target, cluster, container, image, current, migration, request, notes } = facts;
  const from = registrable(current.document);
  const differences = differencesOf(facts);
  const { tenant, environment, account, region, service } = target;
  const { changes } = differences;
  return {
    schemaVersion: 1,
    kind,
    target: { tenant, environment, account, region, service },
    cluster,
    image: { container, from: imageOf(from, container) ?? null, to: formatImage(image) },
    ...differences,
    migration: changes ? migration : null,
    request,
    class: isPreApproved(kind) ? 'pre-approved' : 'normal',
    why: whyOf(kind, changes),
    notes: [...notes],
  };
}

/** What differs between what is there and what is to be. */
export function differencesOf({
  current,
  wanted,
  service,
}: Pick<PlanFacts, 'current' | 'wanted' | 'service'>): Pick<Plan, 'taskDefinition' | 'service' | 'changes'> {
  const differing = diffTaskDefinitions(registrable(current.document), registrable(wanted.document));
  return {
    taskDefinition: {
      family: current.family,
      from: current.arn,
      to: differing.length > 0 ? (wanted.revision ?? null) : null,
      changes: differing.map(({ path, from, to }) => ({ path, from: from ?? null, to: to ?? null })),
    },
    service: { changes: service.map(({ path, from, to }) => ({ path, from, to })) },
    changes: differing.length + service.length > 0,
  };
}

const WHY: Readonly<Record<DeliveryKind, string>> = {
  deploy: 'A new version or other settings are a normal change: people approve it.',
  rollback: 'A rollback to an image that passed the gate of an earlier change is pre-approved by its kind.',
  promotion: 'A version that was verified in another environment is a normal change here: people approve it.',
  exercise:
    'An exercise brings what was verified in the environment that this one recovers: pre-approved by its kind.',
};

function whyOf(kind: DeliveryKind, changes: boolean): string {
  if (!changes) return 'The service already runs this image with this task definition, and is set as asked.';
  return WHY[kind];
}

/** Each member in which the plan of now differs from the approved one; empty when they are the same plan. */
export function planDifferences(approved: Plan, now: Plan): readonly string[] {
  const [was, is] = [flat('', approved), flat('', now)];
  return [...new Set([...was.keys(), ...is.keys()])]
    .filter((path) => was.get(path) !== is.get(path))
    .map((path) => `${path}: approved ${was.get(path) ?? 'nothing'}, now ${is.get(path) ?? 'nothing'}`);
}

function flat(path: string, value: unknown): Map<string, string> {
  if (typeof value !== 'object' || value === null) return new Map([[path, canonicalJson(value)]]);
  const members = Object.entries(value);
  if (members.length === 0) return new Map([[path, canonicalJson(value)]]);
  return new Map(members.flatMap(([name, member]) => [...flat(path ? `${path}.${name}` : name, member)]));
}
