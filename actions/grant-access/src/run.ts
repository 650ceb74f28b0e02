import type { Outcome } from '@tenant-delivery/action-kit/main';
import { rotatableBreakGlass } from '@tenant-delivery/break-glass/kind';
import { listGrants } from '@tenant-delivery/break-glass/list-grants';
import type { Wish } from '@tenant-delivery/break-glass/wish';
import { admitBreakGlass } from '@tenant-delivery/delivery/admit-break-glass';
import { approvalOfRun } from '@tenant-delivery/delivery/run-approval';
import { isSignedByItsWriter as signedByItsWriter } from '@tenant-delivery/evidence/rotation-record';
import {
  approvalEnvironments,
  type BreakGlassAdmission,
  clearBreakGlass,
} from '@tenant-delivery/tenancy/break-glass';
import { failures } from './failures.ts';
import type { GrantInputs } from './inputs.ts';
import type { GrantsWorld } from './ports.ts';
import { reportGrants, reportList } from './report.ts';

export function run(given: GrantInputs, world: GrantsWorld): Promise<Outcome> {
  return given.mode === 'list-grants' ? list(given, world) : change(given, world);
}

/** Every grant of the role with what was done by it. Changes nothing. */
async function list(given: GrantInputs, world: GrantsWorld): Promise<Outcome> {
  const admission = await admitBreakGlass(world, placeIn(given), {
    journal: given.credential,
    changes: false,
  });
  const reads = world.reading(admission);
  const { vault } = world;
  const trust = await world.trust;
  const { tenant, environment } = admission.place;
  const isSignedByItsWriter = (key: string, bytes: Uint8Array) =>
    signedByItsWriter(vault, { trust, tenant, environment }, key, bytes);
  return reportList(await listGrants(given.credential, { vault, ...reads, isSignedByItsWriter }));
}

/** Opens a grant, closes one, or revokes all of one person; whatever has ended is taken out with it. */
async function change(given: GrantInputs, world: GrantsWorld): Promise<Outcome> {
  const { runner, vault, sleep, process, identity, region, clock } = world;
  const admission = await admitBreakGlass(world, placeIn(given), {
    journal: given.credential,
    changes: true,
  });
  const wish = await wishOf(given, world, admission);
  const role = world.open(clearBreakGlass(admission, { identity, region }, clock.now()));
  const { time } = role;
  const { runId, runAttempt, actor, sha } = runner.context;
  const asking = { terms: admission.terms, wish };
  const recorder = await world.recorder(admission);
  const end = await rotatableBreakGlass(given.credential, role, asking, { time, process }).rotate({
    vault,
    time,
    sleep,
    by: { run: runId, attempt: runAttempt, actor, commit: sha, process },
    clean: (text) => text, // no secret is in this run's hands
    recorder,
    cancelled: runner.cancelled,
    tell: (line) => runner.verbatim([line]),
  });
  runner.output('next-eligible-at', new Date(end.nextEligibleAt).toISOString());
  // the run has done what it was asked for, so a list that cannot be had does not fail it
  const listed = await listGrants(
    given.credential,
    {
      vault,
      time,
      trail: role.trail,
      isSignedByItsWriter: (key, bytes) => recorder.isSignedByItsWriter(key, bytes),
    },
    ({ grant, requester }) =>
      wish.do === 'close' ? grant === wish.grant : wish.do === 'revoke' && requester === wish.requester,
  ).catch((cause: unknown) => {
    const why = cause instanceof Error ? cause.message : 'nobody said why';
    runner.warning(`What was done by grants could not be listed: ${why}`);
    return undefined;
  });
  if (wish.do === 'open' && end.outcome === 'not-due') runner.output('grant', wish.asked.grant);
  return reportGrants(wish, admission.terms, end, listed, time.now());
}

async function wishOf(given: GrantInputs, world: GrantsWorld, admission: BreakGlassAdmission): Promise<Wish> {
  const { mode, grant = '', requester = '' } = given;
  if (mode === 'close-grant') return { do: 'close', grant };
  if (mode === 'revoke-grants') return { do: 'revoke', requester };
  const { principals } = admission.agreed;
  const name = given.principal ?? '';
  const known = Object.hasOwn(principals, name) ? principals[name] : undefined;
  const { incident = '', reason = '', minutes = 0 } = given;
  return {
    do: 'open',
    asked: {
      grant: `G${world.runner.context.runId}`,
      requester,
      principal: known?.arn ?? name,
      incident,
      reason,
      minutes,
      approvers: await approversOf(world, admission, requester),
    },
  };
}

/** Throws unless as many people as agreed have approved this run, in environments that are protected. */
async function approversOf(
  world: GrantsWorld,
  { agreed, environment }: BreakGlassAdmission,
  requester: string,
): Promise<readonly string[]> {
  const judged = await approvalOfRun(world, {
    environments: approvalEnvironments(agreed),
    roles: environment.approval.roles,
    requester,
  });
  if ('why' in judged) throw failures.grantNotApproved(judged.why);
  return judged.approvers;
}

function placeIn({ tenant, environment, account, region }: GrantInputs) {
  return { tenant, environment, account, region };
}
