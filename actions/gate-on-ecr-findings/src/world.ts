import { reportFolderIn } from '@tenant-delivery/action-kit/report-folder';
import type { Runner } from '@tenant-delivery/action-kit/runner';
import { openDeliveryWorld } from '@tenant-delivery/aws/delivery-world';
import { inspectorEnrichment } from '@tenant-delivery/aws/inspector-enrichment';
import { ecrInspections } from '@tenant-delivery/aws/scan-findings';
import type { Session } from '@tenant-delivery/aws/session';
import type { World } from './run.ts';

/** The gate's role reads the registry and signs with the gate's key; nothing here can change an image. */
export async function openWorld(runner: Runner, env: NodeJS.ProcessEnv, session: Session): Promise<World> {
  const delivery = await openDeliveryWorld(runner, env, session, 'gate');
  return {
    ...delivery,
    inspections: ecrInspections(session),
    enrichment: inspectorEnrichment(session),
    reports: reportFolderIn(runner.context.temp, 'td-gate-'),
  };
}
