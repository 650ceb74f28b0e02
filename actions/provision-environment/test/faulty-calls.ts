import type { Backups, StackExecutor, StackPlanner } from '@tenant-delivery/provisioning/ports';

/** Where a machine dies, or an answer is lost: the `nth` time that this call is made. */
export interface Fault {
  readonly call: keyof (StackPlanner & StackExecutor & Backups);
  readonly when: 'dies before' | 'dies after' | 'answer lost before' | 'answer lost after';
  readonly nth?: number;
}

/** Counts calls, and lets the machine die or an answer get lost where a test says so. */
export function faultyCalls() {
  const calls: string[] = [];
  const faults: Fault[] = [];
  /** A machine that died sends nothing more, to the vault neither. */
  const machine = { dead: false };

  /** The fault of this call, if it is its turn: each counts down from the moment it was put there. */
  const faultAt = (call: Fault['call']): Fault | undefined => {
    const at = faults.findIndex((each) => each.call === call);
    const found = faults[at];
    if (!found) return undefined;
    const left = (found.nth ?? 1) - 1;
    if (left === 0) faults.splice(at, 1);
    else faults[at] = { ...found, nth: left };
    return left === 0 ? found : undefined;
  };

  const called = async <T>(call: Fault['call'], stack: string, work: () => T): Promise<T> => {
    if (machine.dead) throw new Error('the machine died');
    calls.push(`${call} ${stack}`);
    const fault = faultAt(call);
    if (fault?.when === 'answer lost before') return 'unknown' as T;
    const answer = fault?.when === 'dies before' ? undefined : work();
    machine.dead = fault?.when.startsWith('dies') ?? false;
    if (machine.dead) throw new Error('the machine died');
    return fault?.when === 'answer lost after' ? ('unknown' as T) : (answer as T);
  };

  return { calls, faults, machine, called };
}
