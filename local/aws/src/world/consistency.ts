import { draw } from './draw.ts';
import { LATE_STORES, type LateStore } from './late-stores.ts';
import { plainCopy } from './plain-copy.ts';
import { keyOf } from './saved.ts';
import type { Call } from './service.ts';
import type { World } from './world.ts';

/** Lets readers see some changes late, as AWS says that they may. */
export interface Consistency {
  /** From now on; each delay is drawn from this seed. */
  enforce(seed: string): void;
  /** Keeps what is there before a change. The answer says that the change has happened. */
  before(call: Call, service: string, operation: string): () => void;
  /** The world as a read sees it: absent where it sees the world as it is. */
  seenBy(call: Call, service: string, operation: string): Call | undefined;
  /** What a change knows of the ids that it names: absent where it knows all of them. */
  seenByChange(call: Call, service: string, operation: string): Call | undefined;
  /** What IAM knows when it judges a request: absent where it knows the world as it is. */
  seenByIam(call: Call): Call | undefined;
}

/** A change that some reader does not see yet. */
interface Change {
  readonly seenAt: number;
  readonly before: object;
}

const READING = /^(Get|List|Describe|BatchGet|Head|Lookup|Simulate|Filter)/;
const ASSUMING = /^AssumeRole/;

/** Whether an operation changes nothing, and is late where what it reads is. */
function reads(operation: string): boolean {
  return READING.test(operation) || ASSUMING.test(operation);
}

/** Changes are seen in the order in which they happened: one that is still unseen hides the later ones. */
export function consistency(world: World): Consistency {
  const unseen = new Map<string, Change[]>();
  const drawn = new Map<string, number>();
  let seed: string | undefined;
  /** What the oldest unseen change replaced. */
  const olderOf = (key: string): object | undefined => {
    const changes = unseen.get(key);
    const now = world.clock.now();
    while (changes?.[0] && changes[0].seenAt <= now) changes.shift();
    return changes?.[0]?.before;
  };
  const delayOf = ({ longest }: LateStore, service: string, operation: string, account: string): number => {
    const what = `${service}:${operation} ${account}`;
    const count = drawn.get(what) ?? 0;
    drawn.set(what, count + 1);
    return Math.round(draw(seed ?? '', what, count) * longest);
  };
  const seen = (call: Call, names: ReadonlySet<string>): Call | undefined => {
    const late = [...unseen.keys()].some((key) => names.has(storeOf(key)) && olderOf(key) !== undefined);
    return late ? { ...call, world: lateWorld(world, names, olderOf) } : undefined;
  };
  return {
    enforce: (given) => {
      seed = given;
    },
    before: (call, service, operation) => {
      const late = LATE_STORES.find((one) => one.service === service);
      if (seed === undefined || !late || reads(operation) || late.apart?.includes(operation)) return () => {};
      const keys = late.stores.map((store) => keyOf(store, call.account, late.global ? '' : call.region));
      const copies = keys.flatMap((key) => {
        const store = world.stored(key);
        return store ? [{ key, before: plainCopy(store) }] : []; // the first thing of its kind in an account is seen at once
      });
      return () => {
        const seenAt = world.clock.now() + delayOf(late, service, operation, call.account);
        for (const { key, before } of copies)
          unseen.set(key, [...(unseen.get(key) ?? []), { seenAt, before }]);
      };
    },
    seenBy: (call, service, operation) => {
      if (seed === undefined || !reads(operation)) return undefined;
      const late = LATE_STORES.filter(
        ({ readers, only }) => readers.includes(service) && (only?.includes(operation) ?? true),
      );
      return seen(call, new Set(late.flatMap(({ stores }) => stores)));
    },
    seenByChange: (call, service, operation) => {
      if (seed === undefined || reads(operation)) return undefined;
      const late = LATE_STORES.filter((one) => one.service === service && one.changesToo);
      return seen(call, new Set(late.flatMap(({ stores }) => stores)));
    },
    seenByIam: (call) => (seed === undefined ? undefined : seen(call, IAM)),
  };
}

const IAM: ReadonlySet<string> = new Set(
  LATE_STORES.filter(({ service }) => service === 'iam').flatMap(({ stores }) => stores),
);

/** The same world, but for stores in which a change is not seen yet. */
function lateWorld(
  world: World,
  names: ReadonlySet<string>,
  olderOf: (key: string) => object | undefined,
): World {
  const state: World['state'] = <T extends object>(
    name: string,
    account: string,
    region: string,
    make: () => T,
  ) => {
    const older = names.has(name) ? olderOf(keyOf(name, account, region)) : undefined;
    return (older as T | undefined) ?? world.state(name, account, region, make); // a copy of that very store
  };
  return Object.create(world, { state: { value: state } });
}

const storeOf = (key: string) => key.slice(0, key.indexOf('/'));
