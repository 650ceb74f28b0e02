import { type AddressInfo, createServer } from 'node:net';
import type { Address } from './address.ts';

/** An address of this machine that others do not reach. */
export const loopback = (port: number): Address => ({ host: '127.0.0.1', port });

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
