import { generateKeyPairSync } from 'node:crypto';
import {
  type ChangeKind,
  type ChangeState,
  DUTIES,
  type Duty,
  dutiesFor,
  isProvisioning,
} from '@tenant-delivery/domain';
import { memoryVault } from '@tenant-delivery/vault/memory-vault';
import { digestOf } from '@tenant-delivery/vault/objects';
import type { Vault } from '@tenant-delivery/vault/ports';
import type { ChangeEvent, ChangeFacts } from '../src/change-event.ts';
import { exportChange } from '../src/export.ts';
import { keyIdOf, keySigner } from '../src/keys.ts';
import type { Signer } from '../src/ports.ts';
import { appendEvent, type Step } from '../src/record.ts';
import type { TrustedKey, TrustFile } from '../src/trust.ts';

export const CHANGE: ChangeFacts = {
  id: 'chg_01ARZ3NDEKTSV4RRFFQ69G5FAV',
  tenant: 'acme',
  environment: 'prod',
  service: 'orders',
  kind: 'deploy',
};

export const AT = Date.UTC(2026, 10, 24, 9);
const PLAN = digestOf('the plan');

export interface Key {
  readonly signer: Signer;
  readonly trusted: TrustedKey;
}

export function newKey(duty: Duty, bound: Partial<TrustedKey> = {}): Key {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    signer: keySigner(privateKey, duty),
    trusted: {
      keyId: keyIdOf(publicKey),
      duty,
      publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      from: '2026-01-01T00:00:00Z',
      ...bound,
    },
  };
}

export const KEYS = Object.fromEntries(DUTIES.map((duty) => [duty, newKey(duty)])) as Record<Duty, Key>; // all duties

export const TRUST: TrustFile = { schemaVersion: 1, keys: Object.values(KEYS).map(({ trusted }) => trusted) };

interface Way {
  readonly kind: ChangeKind;
  readonly states: readonly ChangeState[];
}

/** Ways that a change can go to its end. */
export const WAYS: Readonly<
  Record<
    | 'delivery'
    | 'rolled back'
    | 'denied'
    | 'rollback'
    | 'promotion'
    | 'exercise'
    | 'provision'
    | 'withdrawal',
    Way
  >
> = {
  delivery: {
    kind: 'deploy',
    states: ['proposed', 'built', 'gated', 'planned', 'approved', 'deploying', 'verified', 'closed'],
  },
  'rolled back': {
    kind: 'deploy',
    states: ['proposed', 'built', 'gated', 'planned', 'approved', 'deploying', 'rolled-back'],
  },
  denied: { kind: 'deploy', states: ['proposed', 'built', 'denied'] },
  rollback: {
    kind: 'rollback',
    states: ['proposed', 'gated', 'planned', 'deploying', 'verified', 'closed'],
  },
  promotion: {
    kind: 'promotion',
    states: ['proposed', 'gated', 'planned', 'approved', 'deploying', 'verified', 'closed'],
  },
  exercise: {
    kind: 'exercise',
    states: ['proposed', 'gated', 'planned', 'deploying', 'verified', 'closed'],
  },
  provision: {
    kind: 'provision',
    states: ['proposed', 'gated', 'planned', 'approved', 'deploying', 'verified', 'closed'],
  },
  withdrawal: {
    kind: 'withdrawal',
    states: ['proposed', 'gated', 'planned', 'rejected'],
  },
};

export function signerOf(to: ChangeState, kind: ChangeKind = CHANGE.kind): Signer {
  const [duty] = dutiesFor(kind, to);
  if (!duty) throw new TypeError(`nobody signs ${to}`);
  return KEYS[duty].signer;
}

export function stepTo(to: ChangeState, seq: number, more: Partial<Step> = {}): Step {
  const approver = {
    kind: 'human',
    id: 'github:200001',
    login: 'lead-ben',
    via: 'environment-review',
  } as const;
  const starter = { kind: 'human', id: 'github:200010', login: 'dev-ana', via: 'push' } as const;
  return {
    to,
    at: AT + seq * 60_000,
    actor: to === 'approved' ? approver : starter,
    run: {
      repository: 'acme/orders',
      repositoryId: '456789',
      runId: '9001',
      runAttempt: 1,
      jobWorkflowRef: 'OWNER/tenant-delivery/.github/workflows/deliver.yml@refs/tags/v0.1.0',
      sha: '0'.repeat(40),
      event: 'push',
    },
    evidence: { [`made-${to}`]: digestOf(to) },
    ...(['planned', 'approved', 'deploying'].includes(to) && { plan: PLAN }),
    ...(to === 'built' && { subject: { name: 'registry/acme/orders', digest: digestOf('image') } }),
    ...more,
  };
}

/** Of the service `orders`, or of the part `network` where the way provisions. */
function changeOf({ kind }: Way): ChangeFacts {
  return isProvisioning(kind) ? { ...CHANGE, kind, service: 'network' } : { ...CHANGE, kind };
}

/** Records a whole change the usual way. */
export async function record(
  { kind, states }: Way,
  vault: Vault = memoryVault(),
  change: ChangeFacts = changeOf({ kind, states }),
): Promise<readonly ChangeEvent[]> {
  let events: readonly ChangeEvent[] = [];
  for (const [seq, to] of states.entries()) {
    events = await appendEvent(
      { vault, trust: TRUST, signer: signerOf(to, kind) },
      { ...change, kind },
      events,
      stepTo(to, seq),
    );
  }
  return events;
}

export async function recordLines(way: Way, change: ChangeFacts = changeOf(way)): Promise<readonly string[]> {
  const vault = memoryVault();
  await record(way, vault, change);
  return (await exportChange(vault, change, change.id)).trimEnd().split('\n');
}
