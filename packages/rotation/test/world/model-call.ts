import type { Answer } from '../../src/ports.ts';
import type { Gate } from '../schedules.ts';

/** Calls of one process to servers that share a state with everybody else: each takes a moment, and may go wrong. */
export function modelCalls(gate: Gate, moment: () => void) {
  const call = async <T>(name: string, mutates: boolean, effect: () => T): Promise<T> => {
    const said = await gate.before({ name, mutates });
    if (said === 'fail') throw new Error(`${name} got no answer`);
    if (said === 'refuse') throw new Error(`${name} was denied`);
    moment();
    const result = effect();
    await gate.after({ name, mutates });
    if (said === 'forget') throw new Error(`${name} got no answer`);
    return result;
  };
  return {
    call,
    read: <T>(name: string, effect: () => T) => call(name, false, effect),
    /** Adapters tell a lost answer as `unknown`, and a refusal in the server's words. */
    change: async (name: string, effect: () => Answer | undefined): Promise<Answer> => {
      const said = await gate.before({ name, mutates: true });
      if (said === 'refuse') return { refused: `${name} was denied` };
      if (said === 'fail') return 'unknown';
      moment();
      const answer = effect() ?? 'done';
      await gate.after({ name, mutates: true });
      return said === 'forget' ? 'unknown' : answer;
    },
  };
}
