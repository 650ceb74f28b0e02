import type { TargetNews } from '../ecs/happening.ts';
import { networkOf } from '../runtimes/network.ts';
import { withinQuota } from '../world/quotas.ts';
import type { World } from '../world/world.ts';
import { countsAsHealthy, FIRST_CHECKS, failedCheck, judgeCheck, REGISTERING } from './health.ts';
import type { Target, TargetGroup } from './state.ts';
import { balancerStore, notInUse } from './store.ts';

const REGISTRATION = 1_000; // virtual milliseconds

export interface TargetAddress {
  readonly targetGroupArn: string;
  /** IP address. */
  readonly id: string;
  readonly port: number;
}

/**
 * Adds a target and checks it until it leaves, or refuses one more than the group may have. `tell` hears of every change, of each failed check, and at last that
 * the target is gone.
 */
export function registerTarget(
  world: World,
  account: string,
  region: string,
  address: TargetAddress & { readonly zone: string },
  tell: (news: TargetNews) => void,
): void {
  const store = balancerStore(world, account, region);
  const group = store.targetGroups[address.targetGroupArn];
  if (!group) return;
  const others = group.targets.filter((one) => !isAt(one, address));
  withinQuota({ world, account, region }, 'targets', others.length);
  const target: Target = { id: address.id, port: address.port, zone: address.zone, health: REGISTERING };
  group.targets = [...others, target];
  watchers(world).tell.set(target, tell);
  world.touched();
  world.clock.after(REGISTRATION, () => {
    if (target.health !== REGISTERING) return;
    target.health = FIRST_CHECKS;
    void checkForEver(target, group);
  });

  async function checkForEver(checked: Target, of: TargetGroup): Promise<void> {
    const left = !of.targets.includes(checked) || checked.health.standing.state === 'draining';
    if (left || !watchers(world).open) return;
    if (notInUse(store, of, checked) === undefined) await check(checked, of);
    world.clock.after(of.healthCheck.intervalSeconds * 1_000, () => void checkForEver(checked, of));
  }

  async function check(checked: Target, of: TargetGroup): Promise<void> {
    const { path, timeoutSeconds, matcher } = of.healthCheck;
    const task = networkOf(world).at(account, region, checked.id);
    const answer = task
      ? await task.probe({ port: checked.port, path, timeoutSeconds })
      : ({ kind: 'refused' } as const);
    const before = checked.health.standing;
    checked.health = judgeCheck(checked.health, answer, of.healthCheck);
    const { standing } = checked.health;
    if (before.state === 'draining') return;
    world.touched();
    if (countsAsHealthy(standing) && !countsAsHealthy(before)) tell({ state: 'healthy' });
    else if (standing.state === 'unhealthy' && before.state !== 'unhealthy') {
      tell({ state: 'unhealthy', description: standing.description });
    } else if (failedCheck(answer, matcher)) tell({ state: 'checked', passed: false });
  }
}

/** Takes a target out of service; it is gone when the deregistration delay is over. */
export function deregisterTarget(
  world: World,
  account: string,
  region: string,
  address: TargetAddress,
): void {
  const group = balancerStore(world, account, region).targetGroups[address.targetGroupArn];
  const target = group?.targets.find((one) => isAt(one, address));
  if (!group || !target) return;
  target.health = { standing: { state: 'draining' }, passes: 0, fails: 0 };
  world.touched();
  world.clock.after(group.deregistrationDelaySeconds * 1_000, () => {
    group.targets = group.targets.filter((one) => one !== target);
    world.touched();
    watchers(world).tell.get(target)?.({ state: 'gone' });
    watchers(world).tell.delete(target);
  });
}

const isAt = (target: Target, { id, port }: TargetAddress) => target.id === id && target.port === port;

interface Watchers {
  readonly tell: WeakMap<Target, (news: TargetNews) => void>;
  /** False when the world has ended: nothing is checked any more. */
  open: boolean;
}

const known = new WeakMap<World, Watchers>();

function watchers(world: World): Watchers {
  const found = known.get(world);
  if (found) return found;
  const made: Watchers = { tell: new WeakMap(), open: true };
  known.set(world, made);
  world.onClose(() => {
    made.open = false;
  });
  return made;
}
