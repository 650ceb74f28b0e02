import { request } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as realTime } from 'node:timers/promises';
import type { ProbeAnswer } from './runtime.ts';

/** Where something on this machine can be reached. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/**
 * The machine's own slowness is no fault of a service: it counts as started when it listens everywhere, or has taken
 * so many real milliseconds.
 */
export async function listening(
  addresses: readonly Address[],
  milliseconds: number,
  stopping: () => boolean,
): Promise<void> {
  const until = performance.now() + milliseconds;
  while (!stopping() && performance.now() < until) {
    const open = await Promise.all(addresses.map(isListening));
    if (open.every((one) => one)) return;
    await realTime(10);
  }
}

function isListening({ host, port }: Address): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 500 });
    const answer = (open: boolean) => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', () => answer(true));
    socket.once('timeout', () => answer(false));
    socket.once('error', () => answer(false));
  });
}

const PARTS = 10; // of a limit

/**
 * Calls `over` after real milliseconds in which this process was awake. Node runs timers that are due before it reads what
 * has arrived, so after a stall one timer would be over although the answer is there. Of these parts a stall costs one.
 */
function whileAwake(milliseconds: number, over: () => void): () => void {
  let left = PARTS;
  const timer = setInterval(() => {
    left -= 1;
    if (left > 0) return;
    clearInterval(timer);
    over();
  }, milliseconds / PARTS);
  return () => clearInterval(timer);
}

/** One HTTP health check as a load balancer makes it; `milliseconds` are real ones. */
export function probeAt({ host, port }: Address, path: string, milliseconds: number): Promise<ProbeAnswer> {
  return new Promise((resolve) => {
    const check = request(
      { host, port, path, agent: false, headers: { 'user-agent': 'ELB-HealthChecker/2.0' } },
      (response) => {
        stop();
        response.destroy();
        resolve({ kind: 'answered', status: response.statusCode ?? 0 });
      },
    );
    const stop = whileAwake(milliseconds, () => {
      resolve({ kind: 'timeout' });
      check.destroy();
    });
    check.once('error', () => {
      stop();
      resolve({ kind: 'refused' });
    });
    check.end();
  });
}
