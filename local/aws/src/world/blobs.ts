import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Bytes by their SHA-256 in hex: object bodies, image layers. In memory, or as files beside the saved state. */
export interface Blobs {
  put(bytes: Uint8Array): string;
  /** `undefined` when these bytes were never put. */
  get(sha256: string): Buffer | undefined;
  has(sha256: string): boolean;
}

export function memoryBlobs(): Blobs {
  const held = new Map<string, Buffer>();
  return {
    put: (bytes) => {
      const name = sha256(bytes);
      if (!held.has(name)) held.set(name, Buffer.from(bytes));
      return name;
    },
    get: (name) => held.get(name),
    has: (name) => held.has(name),
  };
}

/** Files named by digest; read through memory, since layers are asked for again and again. */
export function directoryBlobs(directory: string): Blobs {
  mkdirSync(directory, { recursive: true });
  const held = memoryBlobs();
  const load = (name: string) => {
    const known = held.get(name);
    if (known || !/^[0-9a-f]{64}$/.test(name)) return known;
    try {
      held.put(readFileSync(join(directory, name)));
      return held.get(name);
    } catch (cause) {
      if (Reflect.get(Object(cause), 'code') === 'ENOENT') return undefined;
      throw cause;
    }
  };
  return {
    put: (bytes) => {
      const name = sha256(bytes);
      if (held.has(name)) return name;
      const path = join(directory, name);
      writeFileSync(`${path}.new`, bytes);
      renameSync(`${path}.new`, path);
      return held.put(bytes);
    },
    get: load,
    has: (name) => load(name) !== undefined,
  };
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
