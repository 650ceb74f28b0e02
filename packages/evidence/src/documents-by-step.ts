import type { ChangeKind, ChangeState } from '@tenant-delivery/domain';
import type { ChangeEvent } from './change-event.ts';

const ENDS: readonly ChangeState[] = ['verified', 'failed', 'rolled-back', 'abandoned'];

type Steps = readonly (readonly [document: string, steps: readonly ChangeState[]])[];

const PROPOSED: Steps = [
  ['contract', ['proposed']],
  ['manifest', ['proposed']],
  ['resolved', ['proposed']],
];
const JUDGED: Steps = [
  ['findings', ['gated', 'denied']],
  ['verdict', ['gated', 'denied']],
  ['vulns', ['gated', 'denied']],
  ['svr', ['gated']],
];
const APPROVED: Steps = [
  ['approvals', ['approved', 'rejected']],
  ['environment-protection', ['approved']],
];
const DEPLOYED: Steps = [
  ['plan', ['planned', 'unchanged']],
  ['request', ['planned', 'unchanged']],
  ['preflight', ['planned', 'deploying']],
  ['service-before', ['deploying']],
  ['report', ['deploying', ...ENDS]],
  ['health', ENDS],
  ['bake', ENDS],
];
/** The record of the version in the environment that it comes from, and what that record is proof of. */
const FROM_ELSEWHERE: Steps = [
  ['source', ['proposed']],
  ['source-record', ['proposed']],
  ['image-record', ['proposed', 'gated']],
];

/** `rules`: what of the contract's documents was judged before anything was planned. */
const PROVISIONED: Steps = [
  ['contract', ['proposed']],
  ['rules', ['gated', 'denied']],
  ['plan', ['planned', 'unchanged']],
  ...APPROVED,
  ['report', ['deploying', ...ENDS]],
];

/**
 * The steps that may say which document of a name is the change's. A key is bound to its steps, so that no duty can put
 * a document of its own in the place of another's. A rollback takes over what its target's record names.
 */
const BROUGHT_BY: Readonly<Record<ChangeKind, ReadonlyMap<string, readonly ChangeState[]>>> = {
  deploy: new Map([...PROPOSED, ['image-record', ['built']], ...JUDGED, ...APPROVED, ...DEPLOYED]),
  rollback: new Map([
    ...PROPOSED,
    ['target', ['proposed']],
    ['image-record', ['proposed', 'gated']],
    ['verdict', ['proposed', 'gated']],
    ...DEPLOYED,
  ]),
  promotion: new Map([...PROPOSED, ...FROM_ELSEWHERE, ...JUDGED, ...APPROVED, ...DEPLOYED]),
  exercise: new Map([...PROPOSED, ...FROM_ELSEWHERE, ...JUDGED, ...DEPLOYED]),
  provision: new Map(PROVISIONED),
  withdrawal: new Map(PROVISIONED),
};

/** What is wrong with the documents that an event names. An event may name a document again. */
export function judgeBrought(before: readonly ChangeEvent[], event: ChangeEvent): readonly string[] {
  const { to } = event.transition;
  const names = event.evidence.map(({ name }) => name);
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  const foreign = event.evidence.filter(({ name, digest }) => {
    const steps = BROUGHT_BY[event.change.kind].get(name);
    if (steps === undefined || steps.includes(to)) return false;
    const known = before.findLast(({ evidence }) => evidence.some((item) => item.name === name));
    return !known?.evidence.some((item) => item.name === name && item.digest.sha256 === digest.sha256);
  });
  const plan = event.evidence.find(({ name }) => name === 'plan')?.digest.sha256;
  return [
    ...twice.map((name) => `names two documents ${name}`),
    ...foreign.map(({ name }) => `brings the document ${name}, which the step to ${to} may not`),
    ...(plan !== undefined && event.plan !== undefined && plan !== event.plan.digest.sha256
      ? ['names one plan and brings the document of another']
      : []),
  ];
}
