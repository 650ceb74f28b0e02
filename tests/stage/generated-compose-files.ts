import * as fc from 'fast-check';

/** A folder with compose files, and how Compose is called in it. */
export interface GeneratedProject {
  readonly files: Readonly<Record<string, string>>;
  /** Options before the command, and the services behind it. */
  readonly options: readonly string[];
  readonly services: readonly string[];
  /** Where it is called. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
}

const NAMES = ['TAG', 'REGISTRY', 'EMPTY', 'UNSET', 'OF_FILE', 'BOTH'] as const;
const SERVICES = ['api', 'web', 'a_b', 'x-1'] as const;
/** Values as YAML writes them: numbers and dates among them mean something else to some readers. */
const SCALARS = [
  ...['1', '0', '-3', '18.10', '1.0', '012', '0x1f', '1e3', '1_000', '.5', '1.2.3', '18', '0.0001'],
  ...[
    'true',
    'False',
    'yes',
    'off',
    '~',
    '2024-01-02',
    '12:30',
    'plain',
    '"18.10"',
    "'it''s'",
    '"a b"',
    '""',
  ],
] as const;
const WORDS = ['', 'x', 'a b', 'v1.2', 'a/b:c', '${TAG}', '${UNSET:-in}', "it's", '$$y', '$TAG-z'] as const;
const OPERATORS = [':-', '-', ':+', '+', ':?', '?'] as const;

type Pick = <T>(list: readonly T[]) => T;

/** The projects of a seed, always the same ones. */
export function composeProjectsOf(seed: number, count: number): readonly GeneratedProject[] {
  const project = fc.gen().map((g) => new Writer((list) => g(fc.constantFrom, ...list)).project());
  return fc.sample(project, { seed, numRuns: count });
}

class Writer {
  readonly #pick: Pick;

  constructor(pick: Pick) {
    this.#pick = pick;
  }

  project(): GeneratedProject {
    const folder = this.#pick(['.', '.', '.', 'deploy']);
    const at = (name: string) => (folder === '.' ? name : `${folder}/${name}`);
    const first = this.#pick(['compose.yaml', 'docker-compose.yml', 'docker-compose.yml', 'other.yml']);
    const second = this.#pick([
      undefined,
      undefined,
      'compose.override.yaml',
      'docker-compose.override.yml',
      'more.yml',
    ]);
    const named = first === 'other.yml' || second === 'more.yml';
    const third = this.#pick([false, false, false, true]);
    const variables = this.#pick([undefined, 'plain.env', '.env', '.env']);
    const options = [
      ...(named ? ['-f', first, ...(second === undefined ? [] : ['-f', second])] : []),
      ...(variables === 'plain.env' ? ['--env-file', 'plain.env'] : []),
      ...this.#pick([[], [], ['--profile', 'extra'], ['--profile=*'], ['-p', 'acme']]),
    ];
    return {
      files: {
        [at(first)]: this.#file(),
        ...(second !== undefined && { [at(second)]: this.#file() }),
        ...(third && !named && { [at('docker-compose.yaml')]: this.#file() }),
        ...(variables !== undefined && { [at(variables)]: this.#variables() }),
        [at('secret.txt')]: 'a secret',
      },
      options,
      services: this.#pick([[], [], [], ['api']]),
      folder,
      env: { TAG: 'v1', REGISTRY: 'registry.example', EMPTY: '', BOTH: 'shell' },
    };
  }

  #variables(): string {
    const lines = [
      ...['OF_FILE=file', 'OF_FILE="fi le"', "OF_FILE='$x' # why", 'export OF_FILE=1', 'OF_FILE = y'],
      ...[
        'BOTH=file',
        'UNSET=',
        '# nothing',
        'OF_FILE=a b # c',
        'OF_FILE=${TAG}',
        'EMPTY=full',
        'OF_FILE=#a',
      ],
    ];
    return `${this.#some(lines, [0, 1, 2, 3]).join('\n')}\n`;
  }

  #file(): string {
    const anchor = 'x-args: &args\n  SHARED: one\n  TAG: anchor\n';
    const services = [...new Set(['api', ...this.#some(SERVICES, [0, 1, 2])])];
    const name = this.#pick(['', '', 'name: named\n']);
    return `${name}${anchor}services:\n${services.map((service) => this.#service(service)).join('')}${SECRETS}`;
  }

  #service(name: string): string {
    const needed = this.#pick(['image', 'build', 'both'] as const);
    const members = [
      ...(needed === 'build' ? [] : [this.#image(name)]),
      this.#pick(['', '', '', '    platform: linux/amd64\n', '    platform: linux/${ARCH:-arm64}\n']),
      this.#pick(['', '', '', '    profiles: [extra]\n']),
      this.#pick(['', '', '    environment: [A=1]\n    ports: ["80:80"]\n', '    restart: always\n']),
      ...(needed === 'image'
        ? []
        : [this.#pick([this.#build(), this.#build(), '    build: .\n', '    build: ./src/\n'])]),
    ];
    return `  ${name}:\n${members.join('')}`;
  }

  #image(service: string): string {
    const orders = '    image: ${REGISTRY}/orders:${TAG:-latest}\n';
    return this.#pick([`    image: "acme/${this.#inQuotes()}"\n`, orders, `    image: ${service}:1\n`]);
  }

  #build(): string {
    const members = [
      this.#pick([
        'context: .',
        'context: ./src',
        'context: "src/deep/"',
        'context: ${UNSET:-src}',
        'context: ..',
      ]),
      ...this.#some(
        [
          'dockerfile: other.Dockerfile',
          'dockerfile: ./docker/Dockerfile',
          'dockerfile: ${UNSET-Dockerfile}.dev',
          'target: ${EMPTY:-run}',
          'target: test',
          `args: {A: ${this.#scalar()}, TAG: ${this.#text()}, B: ${this.#text()}}`,
          `args: ["A=${this.#inQuotes()}", TAG, B=x=y]`,
          'args:\n        <<: *args\n        OWN: 1',
          `labels: {a: ${this.#scalar()}, "b.c": ${this.#text()}}`,
          'labels: [a=b, c]',
          'cache_from: [registry.example/cache, "type=gha,scope=${TAG}"]',
          'cache_to: ["type=inline"]',
          'tags: [registry.example/orders:more, "${REGISTRY}/x:${TAG}"]',
          'platforms: [linux/amd64]',
          'platforms: [linux/amd64, linux/arm64]',
          'no_cache: true',
          'pull: "false"',
          'secrets: [one]',
          'secrets: [{source: two, target: three}]',
          'additional_contexts: {base: ./src}',
          'network: host',
          'shm_size: 1gb',
        ],
        [0, 1, 2, 3],
      ),
    ];
    const once = members.filter(
      (member, at) => members.findIndex((each) => keyIn(each) === keyIn(member)) === at,
    );
    return `    build:\n${once.map((member) => `      ${member}\n`).join('')}`;
  }

  #scalar(): string {
    return this.#pick([...SCALARS, this.#text()]);
  }

  /** A text with names, as YAML writes it. */
  #text(): string {
    return this.#pick([`"${this.#inQuotes()}"`, `"${this.#inQuotes()}"`, `"v${this.#inQuotes()}"`, 'plain']);
  }

  #inQuotes(): string {
    const name = this.#pick(NAMES);
    const word = this.#pick(WORDS);
    return this.#pick([
      `$${name}`,
      `\${${name}}`,
      `\${${name}${this.#pick(OPERATORS)}${word}}`,
      `\${${name}:-${word}}/$$z`,
    ]);
  }

  #some<T>(list: readonly T[], counts: readonly number[]): readonly T[] {
    return Array.from({ length: this.#pick(counts) }, () => this.#pick(list));
  }
}

const keyIn = (member: string) => member.split(':')[0];

const SECRETS = 'secrets:\n  one: {file: ./secret.txt}\n  two: {environment: TAG}\n';
