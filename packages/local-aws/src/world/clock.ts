/**
 * The world's time: real time until a scale is set, then `scale` times as fast from that moment on.
 * Every wait of the emulator goes through it.
 */
export interface VirtualClock {
  readonly scale: number;
  now(): number;
  /** Runs `work` once, after virtual milliseconds; the answer cancels it. Never keeps the process alive. */
  after(milliseconds: number, work: () => void): () => void;
  sleep(milliseconds: number): Promise<void>;
  /** `scale,virtualStartMs,realStartMs`, for the LOCAL_CLOCK variable of processes that must agree on time. */
  readonly variable: string;
  /** The date as services send it. */
  date(): Date;
}

export function virtualClock(scale = 1): VirtualClock {
  const real = () => performance.timeOrigin + performance.now();
  const at = real();
  const origin = at;
  const now = () => origin + (real() - at) * scale;
  return {
    scale,
    now,
    after: (milliseconds, work) => {
      const timer = setTimeout(work, Math.max(0, milliseconds / scale));
      timer.unref();
      return () => clearTimeout(timer);
    },
    sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, Math.max(0, milliseconds / scale))),
    variable: `${scale},${Math.round(origin)},${Math.round(at)}`,
    date: () => new Date(Math.round(now())),
  };
}
