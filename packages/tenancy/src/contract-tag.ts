import { failures } from './failures.ts';

/**
 * The tag that says that a cluster or service is delivered under a contract; its value names tenant and environment.
 * Whatever works without a contract leaves such things alone: there the record would miss what was done.
 */
export const CONTRACT_TAG = 'tenant-delivery:contract';

/** Throws SERVICE_CONTRACTED when one of the tagged things is under a contract. By name, each with its tags. */
export function requireUncontracted(
  tagged: Readonly<Record<string, Readonly<Record<string, string>>>>,
): void {
  for (const [what, tags] of Object.entries(tagged)) {
    const contract = Object.hasOwn(tags, CONTRACT_TAG) ? tags[CONTRACT_TAG] : undefined;
    if (contract !== undefined) throw failures.serviceContracted(what, CONTRACT_TAG, contract);
  }
}
