import { canonicalJson } from '@tenant-delivery/domain';
import { EVENT_PAYLOAD_TYPE } from './change-event.ts';
import { decodeEnvelope, type Envelope, parseJson } from './dsse.ts';

/** A line of evidence, opened once: an in-toto statement in its envelope. Nothing that it says is believed yet. */
export interface OpenedLine {
  readonly kind: 'opened';
  /** As stored. */
  readonly bytes: Uint8Array;
  readonly envelope: Envelope;
  /** `undefined` if the payload is not JSON. */
  readonly statement: unknown;
}

export interface BrokenLine {
  readonly kind: 'broken';
  readonly problems: readonly string[];
}

export function openLine(bytes: Uint8Array): OpenedLine | BrokenLine {
  const json = parseJson(bytes);
  const envelope = decodeEnvelope(json);
  if (!envelope) return broken('is not a DSSE envelope');
  if (!Buffer.from(canonicalJson(json)).equals(bytes)) return broken('is not in canonical form');
  if (envelope.payloadType !== EVENT_PAYLOAD_TYPE)
    return broken(`has the payload type ${envelope.payloadType}`);
  return { kind: 'opened', bytes, envelope, statement: parseJson(envelope.payload) };
}

export function broken(...problems: readonly string[]): BrokenLine {
  return { kind: 'broken', problems };
}

const NEWLINE = 0x0a;

/** Each line of a file as a view of its bytes, so that a large file is in memory once. An empty file has one empty line. */
export function* linesOf(file: Uint8Array): Generator<Uint8Array> {
  let start = 0;
  do {
    const newline = file.indexOf(NEWLINE, start);
    const end = newline === -1 ? file.length : newline;
    yield file.subarray(start, end);
    start = end + 1;
  } while (start < file.length);
}
