/** Hides a text in everything that the runner prints from now on. */
export interface Masker {
  mask(text: string): void;
}

/**
 * A secret that never prints itself. It is masked, with every form in which it could be printed, before
 * anybody can hold it; only `reveal` gives it out, to the adapter that has to send it.
 */
export class Secret {
  readonly #value: string;
  readonly #shown: string;

  private constructor(value: string, name: string) {
    this.#value = value;
    this.#shown = `[redacted:${name}]`;
  }

  /** `name` is what may be known of it: the fingerprint of the key that it belongs to. */
  static born(value: string, name: string, masker: Masker): Secret {
    for (const form of formsOf(value)) masker.mask(form);
    return new Secret(value, name);
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return this.#shown;
  }

  toJSON(): string {
    return this.#shown;
  }

  [Symbol.toPrimitive](): string {
    return this.#shown;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.#shown;
  }
}

const SHORTEST = 8; // characters: a shorter form would hide ordinary words

/** The value as it is, and as JSON, URLs, base64 at each of its three offsets, and hex would spell it. */
export function formsOf(value: string): readonly string[] {
  const bytes = Buffer.from(value);
  const inJson = JSON.stringify(value).slice(1, -1);
  const base64 = [0, 1, 2].map((offset) => base64Within(bytes, offset));
  const urlSafe = base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'));
  const hex = bytes.toString('hex');
  const whole = bytes.toString('base64');
  const forms = [
    value,
    ...linesOf(value),
    inJson,
    encodeURIComponent(value),
    new URLSearchParams({ v: value }).toString().slice(2),
    whole,
    ...base64,
    ...urlSafe,
    hex,
    hex.toUpperCase(),
  ];
  return [...new Set(forms)].filter((form) => form === value || form.length >= SHORTEST);
}

/** Each line of a key in PEM is masked too, because logs print them one by one. The lines around the key are no secret. */
function linesOf(value: string): readonly string[] {
  const lines = value.split(/\r?\n/);
  return lines.length === 1 ? [] : lines.filter((line) => line.length >= 16 && !line.startsWith('-----'));
}

/** The part of a base64 text that is the same whatever comes before (`offset` bytes) and after the value. */
function base64Within(bytes: Buffer, offset: number): string {
  const text = Buffer.concat([Buffer.alloc(offset), bytes])
    .toString('base64')
    .replaceAll('=', '');
  const before = Math.ceil((offset * 8) / 6);
  const sure = Math.floor(((offset + bytes.length) * 8) / 6);
  return text.slice(before, sure);
}
