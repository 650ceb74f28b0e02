import { GUARD } from '@tenant-delivery/break-glass/documents';
import type { BreakGlassWorld, GrantTrail } from '@tenant-delivery/break-glass/ports';
import type { ServerTime } from '@tenant-delivery/rotation/ports';
import { type BreakGlassClearance, requireBreakGlassClearance } from '@tenant-delivery/tenancy/break-glass';
import { grantTrail } from '../cloudtrail/grant-trail.ts';
import { hearingConfigs } from '../session/hearing-configs.ts';
import type { Session } from '../session/session.ts';
import { breakGlassRole } from './break-glass-role.ts';
import { awsCaller } from './key-proof.ts';

type Acting = Pick<Session, 'clientConfig' | 'clock'>;

/** The adapters that open and close grants of a cleared role. */
export function clearedBreakGlass(
  session: Acting,
  clearance: BreakGlassClearance,
): BreakGlassWorld & { readonly time: ServerTime } {
  requireBreakGlassClearance(clearance, session.clock.now());
  const { roleArn } = clearance.terms;
  const configOf = (attempts?: number) => session.clientConfig('access', attempts);
  const { config, once, time } = hearingConfigs(configOf, session.clock);
  const role = roleArn.slice(roleArn.lastIndexOf('/') + 1);
  return {
    caller: awsCaller(config),
    role: breakGlassRole(config, once, { role, policy: GUARD }),
    trail: grantTrail(config, roleArn),
    time,
  };
}

/** What a list of grants reads, under the role that can only read. */
export function readGrants(
  session: Acting,
  roleArn: string,
): { readonly trail: GrantTrail; readonly time: ServerTime } {
  const { config, time } = hearingConfigs(
    (attempts) => session.clientConfig('read', attempts),
    session.clock,
  );
  return { trail: grantTrail(config, roleArn), time };
}
