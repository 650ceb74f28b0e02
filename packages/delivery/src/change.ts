import { describeMistake, parseDocument } from '@tenant-delivery/action-kit/document';
import { Failure } from '@tenant-delivery/action-kit/failure';
import {
  type ChangeKind,
  type ChangeState,
  canonicalJson,
  type Digest,
  type Image,
  PARTS,
} from '@tenant-delivery/domain';
import type { Actor, ChangeEvent, ChangeFacts, Decision } from '@tenant-delivery/evidence/change-event';
import { parseJson } from '@tenant-delivery/evidence/dsse';
import { failures as evidenceFailures } from '@tenant-delivery/evidence/failures';
import { appendEvent, eventPrefix, loadChange } from '@tenant-delivery/evidence/record';
import type { Admission } from '@tenant-delivery/tenancy/admission';
import type { EnvironmentContract } from '@tenant-delivery/tenancy/contract';
import { rememberSeen } from '@tenant-delivery/tenancy/seen-serials';
import { digestOf, getBytes, putBytes, putDocument } from '@tenant-delivery/vault/objects';
import type * as v from 'valibot';
import { newChangeId } from './change-id.ts';
import { type JobClaims, runOf } from './claims.ts';
import { failures } from './failures.ts';
import { supersededBy } from './superseded.ts';
import type { AdmissionWorld, DeliveryWorld } from './world.ts';

/** What a step says about a change beside the state that it leads to. */
export interface StepFacts {
  /** The image that the change is about from here on: given once, when it is built (or gated, where it is taken over). */
  readonly image?: Image;
  readonly plan?: Digest;
  readonly decision?: Decision;
  /** Documents that this step made or rests on, by name; their bytes are in the vault already. */
  readonly evidence?: Readonly<Record<string, Digest>>;
  /** Further documents that this step made, by name: they are stored before the event that names them. */
  readonly documents?: Readonly<Record<string, unknown>>;
  /** Who acted; without it, who started the run. */
  readonly actor?: Actor;
}

/** One change, as far as it has come. Every step goes through the signed record. */
export interface ChangeHandle {
  readonly id: string;
  readonly facts: ChangeFacts;
  readonly kind: ChangeKind;
  readonly state: ChangeState;
  readonly events: readonly ChangeEvent[];
  /** The digest under which the newest event that names this document names it. */
  evidence(name: string): Digest | undefined;
  /** Reads a document of the record; throws DOCUMENT_MISSING or DOCUMENT_ALTERED. */
  document<Schema extends v.GenericSchema>(name: string, schema: Schema): Promise<v.InferOutput<Schema>>;
  /**
   * Records the next step. The same step of the same run and attempt is recorded once, however often it is said.
   * Throws CHANGE_MOVED when another run continued the change, CHANGE_SUPERSEDED when another change took its place, and
   * CONTRACT_CHANGED when it began under another contract.
   */
  append(to: ChangeState, facts?: StepFacts): Promise<void>;
}

export interface Proposal {
  readonly kind: ChangeKind;
  readonly reason?: string;
  /** The change that a rollback undoes. */
  readonly revertOf?: string;
  readonly externalRef?: string;
  /** `manifest`, `resolved` and whatever else the proposal rests on; the contract is added. */
  readonly evidence: Readonly<Record<string, Digest>>;
  readonly actor?: Actor;
}

/** What a change needs to know of its admission, whether it is about a service or about a part of an environment. */
export interface ChangeAdmission extends Pick<Admission, 'target' | 'contract' | 'contractDigest'> {
  readonly environment: EnvironmentContract;
}

/** Begins a change as `proposed`, under the contract that admitted it. */
export async function openChange(
  world: DeliveryWorld,
  admission: ChangeAdmission,
  proposal: Proposal,
): Promise<ChangeHandle> {
  const { tenant, environment, service } = admission.target;
  const { kind, reason, revertOf, externalRef, evidence, actor } = proposal;
  const { contract: agreed, contractDigest: digest } = admission;
  const [contract] = await Promise.all([
    putDocument(world.vault, agreed),
    rememberSeen(world.vault, environment, { contract: agreed, digest }),
  ]);
  const facts: ChangeFacts = {
    id: newChangeId(world.clock.now()),
    tenant,
    environment,
    service,
    kind,
    ...(reason && { reason }),
    ...(revertOf && { revertOf }),
    ...(externalRef && { externalRef }),
  };
  const change = handle(world, admission, facts, []);
  await change.append('proposed', { evidence: { contract, ...evidence }, ...(actor && { actor }) });
  return change;
}

/** Finds a change, and believes only what its signatures prove. */
export async function resumeChange(
  world: DeliveryWorld,
  admission: ChangeAdmission,
  id: string,
): Promise<ChangeHandle> {
  return changeOf(world, admission, id, await loadChange(world.vault, world.trust, admission.target, id));
}

/** Whether nobody has recorded another step since it was read. */
export async function isUnmoved(
  { vault }: Pick<AdmissionWorld, 'vault'>,
  { facts, events }: ChangeHandle,
): Promise<boolean> {
  return (await vault.list(eventPrefix(facts, facts.id))).length === events.length;
}

/** A change whose events were read and verified; throws CHANGE_NOT_FOUND when there are none. */
export async function changeOf(
  world: DeliveryWorld,
  admission: ChangeAdmission,
  id: string,
  events: readonly ChangeEvent[],
): Promise<ChangeHandle> {
  const { tenant, environment, service } = admission.target;
  const facts = events[0]?.change;
  if (!facts) {
    const place = `${service} of ${tenant}/${environment}`;
    const other = await serviceOf(world, admission, id);
    throw other === undefined
      ? evidenceFailures.changeNotFound(id, place)
      : evidenceFailures.changeOfOtherService(id, place, other);
  }
  return handle(world, admission, facts, events);
}

/** The other service or part of the environment that has a change of this id, as far as the vault says so. */
async function serviceOf(
  { vault }: Pick<AdmissionWorld, 'vault'>,
  { target, environment }: ChangeAdmission,
  id: string,
): Promise<string | undefined> {
  for (const service of [...Object.keys(environment.services), ...PARTS]) {
    const keys = await vault.list(eventPrefix({ ...target, service }, id)).catch(() => []);
    if (keys.length > 0) return service;
  }
  return undefined;
}

/** Ends may always be recorded; going forward needs the contract under which the change began. */
const FORWARD: readonly ChangeState[] = ['built', 'gated', 'planned', 'approved', 'deploying'];

function handle(
  world: DeliveryWorld,
  admission: ChangeAdmission,
  facts: ChangeFacts,
  recorded: readonly ChangeEvent[],
): ChangeHandle {
  let events = recorded;
  const evidence = (name: string): Digest | undefined => evidenceIn(events, name);
  return {
    id: facts.id,
    facts,
    kind: facts.kind,
    get state() {
      return events.at(-1)?.transition.to ?? 'proposed';
    },
    get events() {
      return events;
    },
    evidence,
    document: async (name, schema) => readDocument(world, facts.id, name, evidence(name), schema),
    append: async (to, { image, plan, decision, evidence: named, documents = {}, actor } = {}) => {
      const agreed = evidence('contract');
      if (agreed !== admission.contractDigest && FORWARD.includes(to)) {
        throw failures.contractChanged(facts.id, agreed ?? 'none that it names', admission.contractDigest);
      }
      if (FORWARD.includes(to)) assertNotSuperseded({ id: facts.id, events });
      const made = Object.entries(documents).map(
        ([name, document]) => [name, canonicalJson(document)] as const,
      );
      const stored = Promise.all(made.map(([, text]) => putBytes(world.vault, Buffer.from(text))));
      stored.catch(() => {}); // thrown where the event waits for it
      events = await appendEvent(world, facts, events, {
        to,
        at: world.clock.now(),
        run: runOf(world.claims),
        actor: actor ?? starterOf(world.claims),
        subject: image && { name: image.repositoryUri, digest: image.digest },
        plan,
        decision,
        evidence: { ...named, ...Object.fromEntries(made.map(([name, text]) => [name, digestOf(text)])) },
        stored,
      }).catch(async (thrown: unknown) => {
        const moved = thrown instanceof Failure && thrown.code === evidenceFailures.changeMoved.code;
        if (moved && FORWARD.includes(to)) {
          const now = await loadChange(world.vault, world.trust, facts, facts.id);
          assertNotSuperseded({ id: facts.id, events: now });
        }
        throw thrown;
      });
    },
  };
}

/** Throws CHANGE_SUPERSEDED for a change that another one replaced. */
export function assertNotSuperseded({ id, events }: Pick<ChangeHandle, 'id' | 'events'>): void {
  const note = supersededBy(events);
  if (note !== undefined) throw failures.changeSuperseded(id, note);
}

export function evidenceIn(events: readonly ChangeEvent[], name: string): Digest | undefined {
  const naming = events.findLast(({ evidence }) => evidence.some((item) => item.name === name));
  const sha256 = naming?.evidence.find((item) => item.name === name)?.digest.sha256;
  return sha256 === undefined ? undefined : `sha256:${sha256}`;
}

/** Reads a document that a record names; throws DOCUMENT_MISSING or DOCUMENT_ALTERED. */
export async function readDocument<Schema extends v.GenericSchema>(
  { vault }: Pick<AdmissionWorld, 'vault'>,
  change: string,
  name: string,
  digest: Digest | undefined,
  schema: Schema,
): Promise<v.InferOutput<Schema>> {
  if (!digest) throw evidenceFailures.documentMissing(name, change);
  const bytes = await getBytes(vault, digest);
  if (bytes === 'absent') throw evidenceFailures.documentAltered(name, digest, 'is not in the vault');
  if (bytes === 'altered') {
    throw evidenceFailures.documentAltered(name, digest, 'was changed in the vault underneath the record');
  }
  const parsed = parseDocument(schema, parseJson(bytes));
  if ('document' in parsed) return parsed.document;
  const mistakes = parsed.mistakes.map(describeMistake).join('; ');
  throw evidenceFailures.documentAltered(
    name,
    digest,
    `is not of the form that this release reads (${mistakes})`,
  );
}

function starterOf({ actor, actorId, eventName }: JobClaims): Actor {
  return { kind: 'human', id: `github:${actorId}`, login: actor, via: eventName };
}
