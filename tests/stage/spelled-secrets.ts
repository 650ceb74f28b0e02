import { readdirSync, readFileSync } from 'node:fs';

/** Escapes that runners mask besides a value itself ("ValueEncoders", actions/runner), and hex and base64 for URLs. */
const ESCAPES: readonly ((value: string) => string)[] = [
  (value) => value,
  (value) => JSON.stringify(value).slice(1, -1),
  (value) => value.replaceAll('"', '\\"'),
  (value) => value.replaceAll("'", "''"),
  encodeURIComponent,
  (value) => value.replace(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`),
  (value) =>
    value
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      .replaceAll("'", '&apos;'),
  (value) => Buffer.from(value).toString('hex'),
  (value) => Buffer.from(value).toString('hex').toUpperCase(),
];

/** Every spelling under which a value could stand in a text; base64 at each of its three offsets, without what its neighbours change. */
export function spellings(value: string): readonly string[] {
  const bytes = Buffer.from(value);
  const base64 = [0, 1, 2].map((offset) =>
    Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6)),
  );
  const all = [
    ...ESCAPES.map((spelt) => spelt(value)),
    ...base64,
    ...base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
  ];
  return [...new Set(all)].filter((text) => text.length >= 8);
}

/** Where one of these secrets is to be read: names of texts, each with which secret. */
export function secretsIn(
  texts: Readonly<Record<string, string>>,
  secrets: Readonly<Record<string, string>>,
): readonly string[] {
  return Object.entries(secrets).flatMap(([secret, value]) => {
    const forms = spellings(value);
    return Object.entries(texts).flatMap(([name, text]) =>
      forms.some((form) => text.includes(form)) ? [`${secret} in ${name}`] : [],
    );
  });
}

/** The arguments of a process and of everything that it has started, as anybody on the machine may read them. */
export function argumentsOf(pid: number): readonly string[] {
  const read = (file: string) => {
    try {
      return readFileSync(file, 'utf8');
    } catch {
      return ''; // it has ended
    }
  };
  const tasks = (() => {
    try {
      return readdirSync(`/proc/${pid}/task`);
    } catch {
      return [];
    }
  })();
  const children = tasks.flatMap((task) =>
    read(`/proc/${pid}/task/${task}/children`).split(' ').filter(Boolean),
  );
  return [read(`/proc/${pid}/cmdline`), ...children.flatMap((child) => argumentsOf(Number(child)))];
}
