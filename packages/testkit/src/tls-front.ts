import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { generate } from 'selfsigned';

export interface TlsFront {
  readonly port: number;
  /** PEM file of the private authority that made its certificate, for `NODE_EXTRA_CA_CERTS`. */
  readonly authority: string;
  close(): void;
}

/** TLS before a plain server of this machine, by a certificate that a private authority made for `names`. */
export async function startTlsFront(names: readonly string[], behind: number): Promise<TlsFront> {
  const ca = await generate([{ name: 'commonName', value: 'A private authority' }], {
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, critical: true },
    ],
    algorithm: 'sha256',
  });
  const { private: key, cert } = await generate([{ name: 'commonName', value: names[0] ?? '' }], {
    extensions: [{ name: 'subjectAltName', altNames: names.map((value) => ({ type: 2, value })) }],
    algorithm: 'sha256',
    ca: { key: ca.private, cert: ca.cert },
  });
  const folder = mkdtempSync(join(tmpdir(), 'tls-front-'));
  const authority = join(folder, 'ca.pem');
  writeFileSync(authority, ca.cert);
  const server = createServer({ key, cert }, (client) => {
    const plain = connect(behind, '127.0.0.1');
    client.on('error', () => plain.destroy());
    plain.on('error', () => client.destroy());
    client.pipe(plain).pipe(client);
  });
  server.on('tlsClientError', () => {}); // a client that does not know the authority goes away
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    port: (server.address() as AddressInfo).port, // a TCP server that listens has one
    authority,
    close: () => {
      server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
