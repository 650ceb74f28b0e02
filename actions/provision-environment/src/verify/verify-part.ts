import { MINUTE } from '@tenant-delivery/domain';
import type { RecoveryStack } from '@tenant-delivery/provisioning/plan/plan';
import type { Applying, StackResult } from '../apply/applying.ts';
import type { VerifyWorld } from '../ports.ts';
import { lookAtRecovery } from '../recovery/look-at-recovery.ts';
import { driftFindings } from './drift-findings.ts';
import type { Finding } from './findings.ts';
import { networkFindings } from './network-findings.ts';
import { serviceFindings } from './service-findings.ts';
import { templateFindings } from './template-findings.ts';
import { type Links, lookAtLinks } from './tunnels.ts';

const PATIENCE = 10 * MINUTE; // for targets to become healthy once their stacks are complete
const POLL = 15_000; // milliseconds

/** What was found of what was made, and tunnels that are down: the customer's side may not be set up yet. */
export interface Verification extends Links {
  readonly findings: readonly Finding[];
  /** What the administrator makes so that the environment can be recovered. */
  readonly recovery: readonly RecoveryStack[];
}

/** Looks until everything is as it should be, or patience ends. A withdrawal leaves nothing to look at. */
export async function verifyPart(
  world: VerifyWorld,
  applying: Applying,
  results: readonly StackResult[],
): Promise<Verification> {
  const { clock, runner } = world;
  if (applying.plan.kind === 'withdrawal') return { findings: [], tunnels: [], linksDown: [], recovery: [] };
  const until = Math.min(applying.deadline, clock.now() + PATIENCE);
  const templates = await templateFindings(world, applying);
  const drift = await driftFindings(world, applying, results);
  const { admission, plan } = applying;
  const recovery = plan.part === 'foundation' ? await lookAtRecovery(world, admission, until) : [];
  for (;;) {
    const made = await madeFindings(world, applying, results);
    const links = await lookAtLinks(world, applying);
    const waiting = made.some(({ result }) => result !== 'pass');
    if (!waiting || runner.cancelled.aborted || clock.now() >= until)
      return { findings: [...templates, ...drift, ...made], ...links, recovery };
    await applying.hold();
    await clock.sleep(POLL, runner.cancelled);
  }
}

async function madeFindings(
  world: VerifyWorld,
  applying: Applying,
  results: readonly StackResult[],
): Promise<readonly Finding[]> {
  switch (applying.plan.part) {
    case 'foundation':
      return [];
    case 'network':
      return networkFindings(world, applying, results);
    case 'services':
      return serviceFindings(world, applying);
  }
}
