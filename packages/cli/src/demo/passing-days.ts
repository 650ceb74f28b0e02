import { setTimeout as timer } from 'node:timers/promises';
import type { ManualClock } from '@tenant-delivery/local-aws/world/manual-clock';
import type { keyUsers } from '@tenant-delivery/local-platform/key-users';

const SCALE = 30; // times as fast as real time while a run goes on; in between, days pass at once

/** Time that passes with all that the users of a key do in it. */
export class PassingDays {
  readonly #clock: ManualClock;
  readonly #users: ReturnType<typeof keyUsers>;

  constructor(clock: ManualClock, users: ReturnType<typeof keyUsers>) {
    this.#clock = clock;
    this.#users = users;
  }

  async pass(milliseconds: number): Promise<void> {
    const [clock, users] = [this.#clock, this.#users];
    const until = clock.now() + milliseconds;
    for (let next = users.next(); next <= until; next = users.next()) {
      await clock.advance(next - clock.now());
      await users.act();
    }
    await clock.advance(until - clock.now());
  }

  /**
   * Time goes on while `work` is under way, which gets the variable that tells an action its clock. Now and then `look` is
   * called and waiting proofs are answered.
   */
  async flowDuring<T>(look: () => void, work: (variable: string) => Promise<T>): Promise<T> {
    const real = () => performance.timeOrigin + performance.now();
    const [origin, since] = [this.#clock.now(), real()];
    let over = false;
    const flow = async () => {
      for (; !over; await timer(10)) {
        await this.pass(origin + (real() - since) * SCALE - this.#clock.now());
        look();
        await this.#users.answer();
      }
    };
    const flowing = flow();
    try {
      return await work(`${SCALE},${origin},${since}`);
    } finally {
      over = true;
      await flowing;
    }
  }
}
