import { type Digest, formatImage } from '@tenant-delivery/domain';
import { resolveService } from '@tenant-delivery/tenancy/resolve';
import { putDocument } from '@tenant-delivery/vault/objects';
import { openChange } from '../src/change.ts';
import { copyRecord, PROVEN_BY, type PromotionSource } from '../src/promotion-source.ts';
import { verifiedVersion } from '../src/verified-version.ts';
import {
  type InMemoryDelivery,
  inMemoryDelivery,
  localKeys,
  ORDERS_IMAGE,
  ORDERS_MANIFEST,
} from './in-memory-delivery.ts';

/** What proves the image of the testkit, as far as it is read. */
export const PROOF = {
  'image-record': { image: ORDERS_IMAGE },
  verdict: { subject: ORDERS_IMAGE, decision: 'allow' },
  report: { of: 'report' },
  health: { image: formatImage(ORDERS_IMAGE), healthy: true },
} as const;

export interface InMemoryPromotion {
  readonly staging: InMemoryDelivery;
  readonly prod: InMemoryDelivery;
  /** The proposed change in production. */
  readonly change: string;
}

/** A version that was verified in staging, and the change that proposes it for production, as open-change would. */
export async function inMemoryPromotion(
  given: {
    readonly documents?: Readonly<Record<string, unknown>>;
    readonly source?: Partial<PromotionSource>;
    readonly clock?: InMemoryDelivery['clock'];
  } = {},
): Promise<InMemoryPromotion> {
  const keys = localKeys();
  const clock = given.clock && { clock: given.clock };
  const [staging, prod] = await Promise.all([
    inMemoryDelivery({ keys, environment: 'staging', ...clock }),
    inMemoryDelivery({ keys, ...clock }),
  ]);
  const id = await staging.bring('closed', { documents: { ...PROOF, ...given.documents } });
  const { events } = await staging.find(id);
  const version = verifiedVersion(id, events, PROVEN_BY);
  if ('why' in version) throw new Error(version.why);
  const [there, admission] = await Promise.all([staging.admission(), prod.admission()]);
  const resolved = resolveService(prod.target, admission.environment, admission.service, ORDERS_MANIFEST);
  if ('breaches' in resolved)
    throw new Error('the manifest of the testkit does not fit the contract template');
  const source: PromotionSource = {
    schemaVersion: 1,
    environment: 'staging',
    region: there.target.region,
    change: id,
    head: version.head,
    image: version.image,
    origin: {
      repository: 'acme/orders',
      repositoryId: '456789',
      revision: '0123456789abcdef0123456789abcdef01234567',
    },
    since: null,
    commits: [],
    ...given.source,
  };
  const { manifest, 'image-record': imageRecord } = version.evidence as Readonly<Record<string, Digest>>; // it has both
  const { id: change } = await openChange(prod.as('build'), admission, {
    kind: 'promotion',
    evidence: {
      ...(manifest && { manifest }),
      ...(imageRecord && { 'image-record': imageRecord }),
      resolved: await putDocument(prod.vault, resolved.resolved),
      source: await putDocument(prod.vault, source),
      'source-record': await copyRecord({ ...staging.as('build'), admission: there }, events, prod.vault),
    },
  });
  return { staging, prod, change };
}
