/**
 * The world's time: real time until a scale is set, then `scale` times as fast from that moment on.
 * Every wait of the emulator goes through it.
 */
export interface VirtualClock {
  readonly scale: number;
  now(): number;
  /**
   * Runs `work` once, after virtual milliseconds; the answer cancels it. What is due earlier runs earlier, even if a
   * machine under load is late for both. Waiting does not keep the process alive; work that is due does, until it is done.
   */
  after(milliseconds: number, work: () => void): () => void;
  sleep(milliseconds: number): Promise<void>;
  /** `scale,virtualStartMs,realStartMs`, for the LOCAL_CLOCK variable of processes that must agree on time. */
  readonly variable: string;
  /** The date as services send it. */
  date(): Date;
}

const LONGEST = 2 ** 31 - 1; // milliseconds that a timer of Node can wait

interface Due {
  readonly at: number;
  readonly work: () => void;
}

export function virtualClock(scale = 1): VirtualClock {
  const { timeOrigin } = performance; // reading it costs more than the rest of a look at the clock
  const real = () => timeOrigin + performance.now();
  const at = real();
  const origin = at;
  const now = () => origin + (real() - at) * scale;
  return {
    scale,
    now,
    after: inOrder(now, scale),
    sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, Math.max(0, milliseconds / scale))),
    variable: `${scale},${Math.round(origin)},${Math.round(at)}`,
    date: () => new Date(Math.round(now())),
  };
}

/**
 * Timers of Node that are late run by their length first and by their time second: a task that writes a line after 8 s
 * and ends after 10 would end without it. So one timer waits for whatever is due next.
 */
function inOrder(now: () => number, scale: number): VirtualClock['after'] {
  const queue: Due[] = []; // by time, then as they were asked for
  let forget = (): void => {};
  const wait = (): void => {
    forget();
    const [next] = queue;
    if (!next) return;
    const left = (next.at - now()) / scale;
    if (left <= 0) {
      const soon = setImmediate(work); // unreferenced, it would wait until something else wakes Node
      forget = () => clearImmediate(soon);
    } else {
      const timer = setTimeout(work, Math.min(Math.ceil(left), LONGEST)).unref();
      forget = () => clearTimeout(timer);
    }
  };
  const work = (): void => {
    const [next] = queue;
    try {
      if (next && next.at <= now()) queue.shift()?.work();
    } finally {
      wait(); // one at a time, so that what it promised is done before the next
    }
  };
  return (milliseconds, what) => {
    const due = { at: now() + Math.max(0, milliseconds), work: what };
    const later = queue.findLastIndex(({ at }) => at <= due.at) + 1;
    queue.splice(later, 0, due);
    if (later === 0) wait();
    return () => {
      const found = queue.indexOf(due);
      if (found >= 0) queue.splice(found, 1);
    };
  };
}
