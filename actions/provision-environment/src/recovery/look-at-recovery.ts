import { stateOf } from '@tenant-delivery/provisioning/plan/judge-state';
import type { RecoveryStack } from '@tenant-delivery/provisioning/plan/plan';
import { readTemplate } from '@tenant-delivery/provisioning/plan/read-template';
import type { StackReader } from '@tenant-delivery/provisioning/ports';
import { templateChanges } from '@tenant-delivery/provisioning/recovery/compare-templates';
import { driftChanges } from '@tenant-delivery/provisioning/recovery/drift-changes';
import type { Stack } from '@tenant-delivery/provisioning/stacks/stacks-of';
import type { StacksAdmission } from '@tenant-delivery/tenancy/stacks-admission';
import { detectDrift, whyIncomplete } from '../observe/detect-drift.ts';
import { orUnknown } from '../observe/or-unknown.ts';
import type { VerifyWorld } from '../ports.ts';
import { recoveryStacks } from '../wanted-stacks.ts';
import { lackingIn } from './lacking-copies.ts';

type LookingWorld = Pick<VerifyWorld, 'alarms' | 'claims' | 'clock' | 'copies' | 'runner'> & {
  stacks(region: string): StackReader;
};
type Seen = Pick<RecoveryStack, 'state' | 'changes' | 'why'>;

/** The stacks that recover an environment, against what the contract asks. The account's administrator makes them. */
export async function lookAtRecovery(
  world: LookingWorld,
  admission: StacksAdmission,
  deadline: number,
): Promise<readonly RecoveryStack[]> {
  return Promise.all(
    recoveryStacks(world.claims, admission).map(async (stack): Promise<RecoveryStack> => {
      const { name, region } = stack;
      const found = await orUnknown(() => lookAt(world, admission, stack, deadline));
      const seen = 'seen' in found ? found.seen : unknown(found.unseen);
      return { name, region, ...seen, command: commandFor(admission, stack) };
    }),
  );
}

async function lookAt(
  world: LookingWorld,
  admission: StacksAdmission,
  { name, region, template }: Stack,
  deadline: number,
): Promise<Seen> {
  const stacks = world.stacks(region);
  const state = stateOf(await stacks.describe(name));
  if (state.kind === 'new') return { state: 'absent', changes: [], why: null };
  if (state.kind === 'refused') return { state: 'different', changes: [], why: state.why };
  const body = readTemplate((await stacks.template(name)) ?? '');
  if (!body) return { state: 'different', changes: [], why: `${name} has a template of another form` };
  const drift = await detectDrift(world, stacks, name, deadline);
  if (typeof drift === 'string') return unknown(drift);
  const incomplete = whyIncomplete(name, drift);
  if (incomplete !== undefined) return unknown(incomplete);
  const changes = [...templateChanges(template.Resources, body.Resources), ...driftChanges(drift.resources)];
  if (changes.length > 0) return { state: 'different', changes, why: null };
  const unseen = drift.resources
    .filter(({ status }) => status === 'UNKNOWN')
    .map(({ logicalId }) => logicalId);
  if (unseen.length > 0) return unknown(`whether ${unseen.join(', ')} of ${name} was changed is not known`);
  const seen = await arrival(world, region, alarmsIn(template));
  if (seen.state !== 'ready') return seen;
  const lacking = await lackingIn(world, admission, name);
  return lacking.length === 0 ? seen : { state: 'behind', changes: [], why: lacking.join('; ') };
}

/** Whether copies arrive, by the alarms that the stack has for it. */
async function arrival(world: LookingWorld, region: string, names: readonly string[]): Promise<Seen> {
  const found = await world.alarms(region).alarms(names);
  const lost = names.filter((each) => !found.some(({ name }) => name === each));
  if (lost.length > 0) return unknown(`CloudWatch does not know ${lost.join(', ')}`);
  const ringing = found.filter(({ state }) => state === 'ALARM');
  const why = ringing
    .map(({ name, reason }) => `${name} is in ALARM${reason ? ` (${reason})` : ''}`)
    .join('; ');
  return why === '' ? { state: 'ready', changes: [], why: null } : { state: 'behind', changes: [], why };
}

function alarmsIn({ Resources }: Stack['template']): readonly string[] {
  return Object.values(Resources).flatMap(({ Type, Properties }) => {
    const name = Properties?.['AlarmName'];
    return Type === 'AWS::CloudWatch::Alarm' && typeof name === 'string' ? [name] : [];
  });
}

const unknown = (why: string): Seen => ({ state: 'unknown', changes: [], why });

/** What the administrator runs; the templates are those of `contract render`. */
function commandFor({ contract, target }: StacksAdmission, { name, region }: Stack): string {
  const folder = `${contract.id}-${target.environment}`;
  const publishers = (contract.publishers ?? []).map((arn) => ` --publisher '${arn}'`).join('');
  return [
    `tenant-delivery contract render tenants/${contract.id}.yaml --environment ${target.environment}${publishers} --out ${folder}`,
    `aws cloudformation deploy --region ${region} --template-file ${folder}/stacks/${name}.json --stack-name ${name} --capabilities CAPABILITY_NAMED_IAM`,
  ].join(' && ');
}

/** One sentence of a stack that is not as the contract asks. */
export function sayRecovery({ name, region, state, why, changes }: RecoveryStack): string {
  const found = changes.map(({ logicalId }) => logicalId).join(', ');
  const said = {
    ready: 'is as the contract asks',
    behind: 'is as the contract asks, and copies or backups do not arrive',
    absent: 'is absent',
    different: 'differs',
    unknown: 'is not known',
  };
  return `${name} in ${region} ${said[state]}${found === '' ? '' : ` in ${found}`}${why === null ? '' : `: ${why}`}`;
}

/** What people do about those that are not ready. */
export function mendRecovery(stacks: readonly RecoveryStack[]): string {
  const commands = stacks.flatMap(({ state, command }) => (state === 'behind' ? [] : [`\`${command}\``]));
  return [
    ...(commands.length > 0 ? [`Have the account's administrator run ${commands.join(' and ')}.`] : []),
    ...(stacks.some(({ state }) => state === 'behind')
      ? ['Find out in AWS Backup, or in the replication of the vault, why nothing arrives.']
      : []),
  ].join(' ');
}
