import type { Scope } from '../expressions/scope.ts';
import { fill } from '../expressions/template.ts';
import { isMapping, text, truthy, type Value } from '../value.ts';

/** With `queue: max`, how many may wait in a group (GitHub, "Concurrency"). */
const LONGEST_QUEUE = 100;

export interface Concurrency {
  readonly group: string;
  readonly cancelInProgress: boolean;
  readonly queue: 'single' | 'max';
}

/** A `concurrency:` value; undefined when the group comes out empty. */
export function concurrencyOf(value: Value | undefined, scope: Scope): Concurrency | undefined {
  const filled = fill(value ?? null, scope);
  const group = text(isMapping(filled) ? filled['group'] : filled);
  if (group === '') return undefined;
  const cancelInProgress = isMapping(filled) && truthy(filled['cancel-in-progress'] ?? null);
  const queue = isMapping(filled) && filled['queue'] === 'max' ? 'max' : 'single';
  return { group, cancelInProgress, queue };
}

export type Admission =
  | { readonly kind: 'entered'; readonly leave: () => void }
  | { readonly kind: 'cancelled'; readonly reason: string };

export interface Applicant {
  /** Repository and group: groups of different repositories have nothing to do with each other. */
  readonly repository: string;
  readonly concurrency: Concurrency;
  /** A later member asks this one to end. */
  readonly onCancel: (reason: string) => void;
  readonly onWaiting: () => void;
}

/** The concurrency groups of one world: at most one member of a group runs at a time, over all runs. */
export interface ConcurrencyGroups {
  enter(applicant: Applicant, signal: AbortSignal): Promise<Admission>;
}

interface Member {
  readonly start: () => void;
  readonly cancel: (reason: string) => void;
}

interface Group {
  running?: Member;
  readonly waiting: Member[];
}

export function createGroups(): ConcurrencyGroups {
  const groups = new Map<string, Group>();
  const leave = (key: string, member: Member) => {
    const group = groups.get(key);
    if (!group || group.running !== member) return;
    const next = group.waiting.shift();
    if (!next) {
      groups.delete(key);
      return;
    }
    group.running = next;
    next.start();
  };
  return {
    enter: async ({ repository, concurrency, onCancel, onWaiting }, signal) => {
      const { group: name, cancelInProgress, queue } = concurrency;
      const key = `${repository} ${name}`.toLowerCase();
      const group = groups.get(key) ?? { waiting: [] };
      groups.set(key, group);
      const { promise, resolve } = Promise.withResolvers<Admission>();
      const member: Member = {
        start: () => resolve({ kind: 'entered', leave: () => leave(key, member) }),
        cancel: (reason) => {
          if (group.running === member) onCancel(reason);
          else resolve({ kind: 'cancelled', reason });
        },
      };
      if (!group.running) {
        group.running = member;
        member.start();
        return promise;
      }
      const reason = `Canceling since a higher priority waiting request for '${name}' exists`;
      if (queue === 'max' && group.waiting.length >= LONGEST_QUEUE) {
        return { kind: 'cancelled', reason: `The queue of '${name}' is full.` };
      }
      if (queue === 'single') for (const each of group.waiting.splice(0)) each.cancel(reason);
      group.waiting.push(member);
      onWaiting();
      if (cancelInProgress) group.running.cancel(reason);
      const giveUp = () => {
        const at = group.waiting.indexOf(member);
        if (at >= 0) group.waiting.splice(at, 1);
        resolve({ kind: 'cancelled', reason: 'The operation was canceled.' });
      };
      signal.addEventListener('abort', giveUp, { once: true });
      if (signal.aborted) giveUp();
      return promise.finally(() => signal.removeEventListener('abort', giveUp));
    },
  };
}
