/** A `::name key=value,key=value::message` line. */
export interface LogCommand {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly message: string;
}

/** Names that the runner acts on; any other line that looks like a command is text. */
const KNOWN = new Set(
  'add-mask add-matcher add-path debug echo endgroup error group notice remove-matcher save-state set-env set-output stop-commands warning'.split(
    ' ',
  ),
);

export function parseLogCommand(line: string): LogCommand | undefined {
  const match = /^::([a-zA-Z-]+)(?:\s+([^\n]*?))?::(.*)$/.exec(line.trimStart());
  const [, written, properties = '', message = ''] = match ?? [];
  const name = written?.toLowerCase();
  if (name === undefined || !KNOWN.has(name)) return undefined;
  return { name, properties: propertiesOf(properties), message: decode(message) };
}

function propertiesOf(written: string): Readonly<Record<string, string>> {
  const pairs = written
    .split(',')
    .map((pair) => [pair.slice(0, pair.indexOf('=')).trim(), pair.slice(pair.indexOf('=') + 1)] as const)
    .filter(([key, value]) => key !== '' && value !== '');
  return Object.fromEntries(
    pairs.map(([key, value]) => [key, decode(value.replaceAll('%3A', ':').replaceAll('%2C', ','))]),
  );
}

function decode(text: string): string {
  return text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
}
