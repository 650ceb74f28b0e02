import {
  ACCOUNT,
  CHANGE_KINDS,
  type ChangeKind,
  canonicalJson,
  formatImage,
  type Image,
  type Target,
} from '@tenant-delivery/domain';
import * as v from 'valibot';
import type { TaskDefinition } from './observed.ts';
import { imageOf, registrable, withImage } from './task-definition.ts';
import { diffTaskDefinitions } from './task-definition-diff.ts';

/**
 * What a deploy will do: what is, what will be. Its digest is what people approve, so it holds nothing that moves by
 * itself (no counts, no times), and nothing secret. The task definition that will run is a function of `from`, the
 * container and the image: revisions are immutable, so the ARN stands for its content.
 */
export const Plan = v.strictObject({
  schemaVersion: v.literal(1),
  kind: v.picklist(CHANGE_KINDS),
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
    changes: v.array(
      v.strictObject({ path: v.string(), from: v.nullable(v.string()), to: v.nullable(v.string()) }),
    ),
  }),
  changes: v.boolean(),
  /** `normal` is approved by people; `pre-approved` is a rollback to what ran before. */
  class: v.picklist(['normal', 'pre-approved']),
  why: v.string(),
  /** What the manifest asks for and this release does not apply, a sentence each. */
  notes: v.array(v.string()),
});

export type Plan = v.InferOutput<typeof Plan>;

export interface PlanFacts {
  readonly kind: ChangeKind;
  readonly target: Target;
  readonly cluster: string;
  readonly container: string;
  readonly image: Image;
  /** The revision that the service runs now. */
  readonly current: TaskDefinition;
  readonly notes: readonly string[];
}

export function makePlan({ kind, target, cluster, container, image, current, notes }: PlanFacts): Plan {
  const from = registrable(current.document);
  const changes = diffTaskDefinitions(from, withImage(from, container, image));
  const { tenant, environment, account, region, service } = target;
  return {
    schemaVersion: 1,
    kind,
    target: { tenant, environment, account, region, service },
    cluster,
    image: { container, from: imageOf(from, container) ?? null, to: formatImage(image) },
    taskDefinition: {
      family: current.family,
      from: current.arn,
      changes: changes.map(({ path, from: before, to: after }) => ({
        path,
        from: before ?? null,
        to: after ?? null,
      })),
    },
    changes: changes.length > 0,
    class: kind === 'rollback' ? 'pre-approved' : 'normal',
    why: whyOf(kind, changes.length > 0),
    notes: [...notes],
  };
}

function whyOf(kind: ChangeKind, changes: boolean): string {
  if (!changes) return 'The service already runs this image with this task definition.';
  return kind === 'rollback'
    ? 'A rollback to an image that passed the gate of an earlier change is pre-approved by its kind.'
    : 'A new image is a normal change: people approve it.';
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
