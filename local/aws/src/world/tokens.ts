/** Members of a request and of an answer that name the next page, in whatever service. Those of S3 are not among them: it repeats them in its answers. */
const ASKED = ['NextToken', 'nextToken', 'Marker'] as const;
const ANSWERED = ['NextToken', 'nextToken', 'NextMarker', 'Marker'] as const;

/** An answer whose token says which operation gave it: no other one takes it. */
export function tokenGiven(operation: string, output: object): object {
  const token = ANSWERED.find((member) => typeof Reflect.get(output, member) === 'string');
  if (!token) return output;
  return { ...output, [token]: sealed(operation, Reflect.get(output, token)) };
}

/** An input with the token as its operation gave it. A token of another operation stays as it is, which no handler can read. */
export function tokenTaken(operation: string, input: Record<string, unknown>): Record<string, unknown> {
  const token = ASKED.find((member) => typeof input[member] === 'string');
  const opened = token && opening(operation, String(input[token]));
  return token && opened !== undefined ? { ...input, [token]: opened } : input;
}

const sealed = (operation: string, token: string) =>
  Buffer.from(JSON.stringify([operation, token])).toString('base64url');

function opening(operation: string, text: string): string | undefined {
  const [by, token] = readPair(Buffer.from(text, 'base64url').toString());
  return by === operation && typeof token === 'string' ? token : undefined;
}

function readPair(text: string): readonly unknown[] {
  try {
    const pair: unknown = JSON.parse(text);
    return Array.isArray(pair) ? pair : [];
  } catch {
    return [];
  }
}
