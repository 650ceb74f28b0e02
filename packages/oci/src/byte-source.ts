import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { failures } from './failures.ts';

const PART = 256 * 1024; // bytes

/** Bytes that stay where they are. They are read when they are needed, as often as they are needed, a part at a time. */
export interface ByteSource {
  readonly size: number;
  /** All of them, or those from `from` up to `to`. */
  read(from?: number, to?: number): Iterable<Buffer> | AsyncIterable<Buffer>;
}

/** Bytes that are on this machine. */
export interface LocalBytes extends ByteSource {
  read(from?: number, to?: number): Iterable<Buffer>;
}

export function bytesInMemory(bytes: Buffer): LocalBytes {
  return {
    size: bytes.length,
    *read(from = 0, to = bytes.length) {
      if (to > from) yield bytes.subarray(from, to);
    },
  };
}

/** A file that has `size` bytes. One that has another size when it is read was changed meanwhile: BUILD_FAILED. */
export function bytesOfFile(path: string, size: number, name = path): LocalBytes {
  return {
    size,
    *read(from = 0, to = size) {
      const file = openSync(path, 'r');
      try {
        if (fstatSync(file).size !== size) throw failures.fileChanged(name);
        for (let at = from; at < to; ) {
          const part = Buffer.allocUnsafe(Math.min(PART, to - at));
          const read = readSync(file, part, 0, part.length, at);
          if (read === 0) throw failures.fileChanged(name);
          yield part.subarray(0, read);
          at += read;
        }
      } finally {
        closeSync(file);
      }
    },
  };
}

/** All parts as one. For what is known to be small. */
export async function joined(parts: ReturnType<ByteSource['read']>): Promise<Buffer> {
  const read: Buffer[] = [];
  for await (const part of parts) read.push(part);
  const [only] = read;
  return read.length === 1 && only !== undefined ? only : Buffer.concat(read);
}
