import { ecrRepository } from '@tenant-delivery/aws/ecr/repository';
import { ecrInspections } from '@tenant-delivery/aws/ecr/scan-findings';
import { inspectorEnrichment } from '@tenant-delivery/aws/inspector/enrichment';
import { ambientSession } from '@tenant-delivery/aws/session/ambient-session';
import type { Digest } from '@tenant-delivery/domain';
import { exploitationByRow } from '@tenant-delivery/findings/exploitation';
import type { InspectedChild } from '@tenant-delivery/findings/inspected-child';
import type { Policy } from '@tenant-delivery/findings/policy';
import type { Inspections, ScanMode, StoredImage } from '@tenant-delivery/findings/ports';
import { judgeLook } from '@tenant-delivery/findings/scan-state';
import { findingsThatHang, type Judgement, judgeImage } from '@tenant-delivery/findings/verdict';
import type { Io } from '../io.ts';
import { UsageError } from './usage-error.ts';

export interface Registry {
  readonly repository: string;
  readonly count: number;
  readonly account: string | undefined;
  readonly region: string | undefined;
}

/** What a policy makes today of the images that were pushed last, as their registry has them. Nothing is waited for. */
export async function judgeRegistry(
  by: Policy,
  { repository, count, account, region }: Registry,
  io: Io,
): Promise<readonly { readonly digest: Digest; readonly judgement: Judgement }[]> {
  const asking = {
    mask: () => {},
    debug: () => {},
    context: { runId: 'terminal', runAttempt: 1, job: 'policy-try' },
  };
  const session = await ambientSession(asking, io.env, { account, region });
  const { identity, clock, clientConfig } = session;
  const digests = await ecrRepository(session, 'gate').newest(repository, count);
  if (digests === 'absent')
    throw new UsageError(`There is no repository ${repository} in ${session.region} of ${identity.account}.`);
  const inspections = ecrInspections({ clientConfig, clock, target: identity });
  const enrichment = inspectorEnrichment({ clientConfig });
  const mode = await inspections.mode(repository);
  return Promise.all(
    digests.map(async (digest) => {
      const stored = await inspections.image(repository, digest);
      const children =
        stored === 'absent'
          ? []
          : await lookOnce(inspections, { repository, mode, stored, now: clock.now() });
      const place = { repository, now: clock.now() };
      const findings = findingsThatHang(children, by, place);
      const { enriched, troubles } =
        findings.length > 0 ? await enrichment.enrich(findings) : { enriched: [], troubles: [] };
      for (const trouble of troubles) io.err(`${digest}: ${trouble}`);
      const known = exploitationByRow(findings, enriched);
      return { digest, judgement: judgeImage(children, by, place, known) };
    }),
  );
}

/** One look at each platform. That an answer must stay the same for a while is the gate's business. */
function lookOnce(
  inspections: Inspections,
  {
    repository,
    mode,
    stored,
    now,
  }: {
    readonly repository: string;
    readonly mode: ScanMode;
    readonly stored: StoredImage;
    readonly now: number;
  },
): Promise<readonly InspectedChild[]> {
  return Promise.all(
    stored.children.map(async (child) => {
      const { platform, digest, refused } = child;
      if (refused !== undefined)
        return { platform, digest, scan: 'NOT_ASKED', findings: [], unproven: refused };
      const [{ reply, findings }, coverage] = await Promise.all([
        inspections.inspect(repository, child),
        mode.type === 'enhanced' ? inspections.coverage?.(repository, digest) : undefined,
      ]);
      const pushedAt = child.pushedAt ?? stored.pushedAt;
      const { state } = judgeLook(
        { mode, reply, pushedAt, at: now, ...(coverage && { coverage }) },
        undefined,
      );
      const seen = { platform, digest, scan: reply.status, findings };
      if (state.kind === 'evidence' || (state.kind === 'wait' && state.again !== undefined)) return seen;
      const unscannable = state.kind === 'no-evidence' && state.unscannable;
      return { ...seen, unproven: state.why, ...(unscannable && { unscannable }) };
    }),
  );
}
