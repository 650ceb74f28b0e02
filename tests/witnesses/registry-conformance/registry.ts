import { digestOf, type Manifest } from './content.ts';

/** How a case ended: `why` is absent when the registry did what the specification asks for. */
export interface Case {
  readonly name: string;
  readonly why?: string;
}

/** One repository of a registry over plain HTTP. Each call says what the answer lacks, or nothing. */
export class Repository {
  readonly name: string;
  readonly #base: string;
  readonly #authorization: string;

  constructor({ host, username, password }: Login, name: string) {
    this.name = name;
    this.#base = `http://${host}`;
    this.#authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  }

  async ask(
    method: string,
    path: string,
    init: RequestInit & { readonly duplex?: 'half' } = {},
  ): Promise<Answer> {
    const headers = { authorization: this.#authorization, ...(init.headers as Record<string, string>) };
    const url = path.startsWith('/v2/') ? path : `/v2/${this.name}/${path}`;
    const answer = await fetch(new URL(url, this.#base), { ...init, method, headers, redirect: 'follow' });
    const body = Buffer.from(await answer.arrayBuffer());
    return { status: answer.status, headers: answer.headers, body };
  }

  /** Begins an upload, and answers where it goes on. */
  async begin(query = ''): Promise<Answer & { readonly location: string }> {
    const answer = await this.ask('POST', `blobs/uploads/${query}`, { headers: { 'content-length': '0' } });
    return { ...answer, location: locationOf(answer) };
  }

  async postPut(digest: string, bytes: Buffer): Promise<string | undefined> {
    const begun = await this.begin();
    return lacks(begun, 202) ?? lacks(await this.close(begun.location, digest, bytes), 201);
  }

  /** Ends an upload, with its last bytes where there are any. */
  close(
    location: string,
    digest: string,
    bytes?: Buffer,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const url = new URL(location, this.#base);
    url.searchParams.set('digest', digest);
    const type = { 'content-type': 'application/octet-stream', ...headers };
    return this.ask('PUT', `${url.pathname}${url.search}`, { body: bytes ?? Buffer.alloc(0), headers: type });
  }

  patch(location: string, bytes: Buffer, from?: number): Promise<Answer> {
    const range = from === undefined ? {} : { 'content-range': `${from}-${from + bytes.length - 1}` };
    const headers = { 'content-type': 'application/octet-stream', ...range };
    return this.ask('PATCH', location, { body: bytes, headers });
  }

  /** The same without a length, in one stream. */
  stream(location: string, bytes: Buffer): Promise<Answer> {
    const body = new Blob([bytes]).stream();
    const headers = { 'content-type': 'application/octet-stream' };
    return this.ask('PATCH', location, { body, duplex: 'half', headers });
  }

  async put({ descriptor, bytes, subject }: Manifest, reference: string): Promise<string | undefined> {
    const headers = { 'content-type': descriptor.mediaType };
    const answer = await this.ask('PUT', `manifests/${reference}`, { body: bytes, headers });
    const said = answer.headers.get('oci-subject');
    const lost = subject !== undefined && said !== subject ? `OCI-Subject is ${said}` : undefined;
    return lacks(answer, 201) ?? lost;
  }

  async head(path: string, size: number, type?: string): Promise<string | undefined> {
    const answer = await this.ask('HEAD', path, { headers: type ? { accept: type } : {} });
    const length = answer.headers.get('content-length');
    return lacks(answer, 200) ?? (length === String(size) ? undefined : `Content-Length is ${length}`);
  }

  /** The very bytes that were pushed. */
  async pull(path: string, bytes: Buffer, type?: string): Promise<string | undefined> {
    const answer = await this.ask('GET', path, { headers: type ? { accept: type } : {} });
    const got = answer.headers.get('content-type');
    if (type && got !== type) return `Content-Type is ${got}`;
    return (
      lacks(answer, 200) ?? (answer.body.equals(bytes) ? undefined : `the digest is ${digestOf(answer.body)}`)
    );
  }
}

export interface Login {
  readonly host: string;
  readonly username: string;
  readonly password: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer;
}

export const locationOf = ({ headers }: Answer): string => headers.get('location') ?? '';

export function lacks({ status, body }: Answer, ...expected: readonly number[]): string | undefined {
  if (expected.includes(status)) return undefined;
  return `the status is ${status}, not ${expected.join(' or ')}: ${body.toString().slice(0, 200)}`;
}
