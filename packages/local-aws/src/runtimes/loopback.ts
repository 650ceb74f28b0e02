import { request } from 'node:http';
import { type AddressInfo, connect, createServer } from 'node:net';
import type { ProbeAnswer } from './runtime.ts';

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo; // a TCP server that listens has one
      server.close(() => resolve(port));
    });
  });
}

export function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const answer = (listening: boolean) => {
      socket.destroy();
      resolve(listening);
    };
    socket.once('connect', () => answer(true));
    socket.once('error', () => answer(false));
  });
}

/** One HTTP health check as a load balancer makes it; `milliseconds` are real ones. */
export function probeLoopback(port: number, path: string, milliseconds: number): Promise<ProbeAnswer> {
  return new Promise((resolve) => {
    const check = request(
      { host: '127.0.0.1', port, path, agent: false, headers: { 'user-agent': 'ELB-HealthChecker/2.0' } },
      (response) => {
        clearTimeout(timer);
        response.destroy();
        resolve({ kind: 'answered', status: response.statusCode ?? 0 });
      },
    );
    const timer = setTimeout(() => {
      resolve({ kind: 'timeout' });
      check.destroy();
    }, milliseconds);
    check.once('error', () => {
      clearTimeout(timer);
      resolve({ kind: 'refused' });
    });
    check.end();
  });
}
