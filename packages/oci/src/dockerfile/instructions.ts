/** What BuildKit knows of an instruction before it looks at what it says. Rule: Dockerfile reference. */
export interface Instruction {
  /** Of its flags, how each is written. */
  readonly flags: Readonly<Record<string, 'text' | 'switch' | 'repeated'>>;
  /** How many arguments it takes at least. */
  readonly least: number;
  /** How its arguments are told apart; `whole` is one argument with its blanks. */
  readonly arguments: 'list or words' | 'list or command' | 'words' | 'quoted words' | 'whole';
}

const COPIED = { chown: 'text', chmod: 'text', link: 'switch', exclude: 'repeated' } as const;
const command = { flags: {}, least: 0, arguments: 'list or command' } as const;
const whole = { flags: {}, least: 1, arguments: 'whole' } as const;

export const INSTRUCTIONS: Readonly<Record<string, Instruction>> = {
  ADD: {
    flags: { ...COPIED, checksum: 'text', 'keep-git-dir': 'switch', unpack: 'switch' },
    least: 2,
    arguments: 'list or words',
  },
  ARG: { flags: {}, least: 1, arguments: 'quoted words' },
  CMD: command,
  COPY: { flags: { ...COPIED, from: 'text', parents: 'switch' }, least: 2, arguments: 'list or words' },
  ENTRYPOINT: command,
  ENV: { flags: {}, least: 1, arguments: 'quoted words' },
  EXPOSE: { flags: {}, least: 1, arguments: 'words' },
  FROM: { flags: { platform: 'text' }, least: 1, arguments: 'words' },
  HEALTHCHECK: {
    flags: {
      interval: 'text',
      timeout: 'text',
      'start-period': 'text',
      'start-interval': 'text',
      retries: 'text',
    },
    least: 1,
    arguments: 'whole',
  },
  LABEL: { flags: {}, least: 1, arguments: 'quoted words' },
  MAINTAINER: whole,
  ONBUILD: whole,
  RUN: {
    flags: { mount: 'repeated', device: 'repeated', network: 'text', security: 'text' },
    least: 0,
    arguments: 'list or command',
  },
  SHELL: { flags: {}, least: 1, arguments: 'list or command' },
  STOPSIGNAL: whole,
  USER: whole,
  VOLUME: { flags: {}, least: 1, arguments: 'list or words' },
  WORKDIR: whole,
};
