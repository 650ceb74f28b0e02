import type { Failure } from '@tenant-delivery/action-kit/failure';
import { type Digest, MINUTE } from '@tenant-delivery/domain';
import { awaitImage } from '@tenant-delivery/findings/await-image';
import { awaitInspections } from '@tenant-delivery/findings/await-inspections';
import { type Exploitation, exploitationByRow } from '@tenant-delivery/findings/exploitation';
import type { Policy } from '@tenant-delivery/findings/policy';
import type { StoredImage } from '@tenant-delivery/findings/ports';
import { uncovered } from '@tenant-delivery/findings/scan-state';
import { findingsThatHang, type InspectedChild } from '@tenant-delivery/findings/verdict';
import type { WaiverPlace } from '@tenant-delivery/findings/waiver';
import { failures } from './failures.ts';
import type { GateWorld } from './gate-world.ts';

/** Waits for the registry's inspection of every child of an image. Throws where nothing will ever inspect it. */
export async function inspectImage(
  { inspections, runner, clock }: GateWorld,
  {
    repository,
    digest,
    minutes,
  }: { readonly repository: string; readonly digest: Digest; readonly minutes: number },
  /** What it is when the registry does not hold the image. */
  absent: () => Failure,
  /** What else must hold of what the registry lists under it. */
  known: (stored: StoredImage) => StoredImage = (stored) => stored,
): Promise<readonly InspectedChild[]> {
  const mode = await inspections.mode(repository);
  if (uncovered(mode) !== undefined) throw failures.repositoryNotScanned(repository, mode.frequency);
  const found = await awaitImage(inspections, repository, digest, { clock, signal: runner.cancelled });
  if (found === 'absent') throw absent();
  const stored = known(found);
  const deadline = clock.now() + minutes * MINUTE;
  const options = { clock, deadline, mode, signal: runner.cancelled, log: runner.info };
  const inspected = await awaitInspections(inspections, repository, stored, options);
  for (const child of inspected)
    runner.info(`${child.platform}: ${child.scan}, ${child.findings.length} findings`);
  return inspected;
}

/** What is known of exploitation, asked only where it decides. What could not be learned stays unknown, and is said. */
export async function exploitationOfAll(
  { runner, enrichment }: GateWorld,
  policy: Policy,
  place: WaiverPlace,
  children: readonly InspectedChild[],
): Promise<ReadonlyMap<string, Exploitation>> {
  const findings = findingsThatHang(children, policy, place);
  if (findings.length === 0) return new Map();
  const { enriched, troubles } = await enrichment.enrich(findings);
  runner.verbatim(
    troubles.map((trouble) => `Not known of every finding whether it is exploited: ${trouble}`),
  );
  return exploitationByRow(findings, enriched);
}
