const SYSTEMS =
  'aix android darwin dragonfly freebsd hurd illumos ios js linux macos nacl netbsd openbsd plan9 solaris windows zos';
const ARCHITECTURES =
  '386 i386 amd64 x86_64 x86-64 amd64p32 arm armbe armhf armel arm64 arm64be aarch64 ppc64 ppc64le loong64 mips mipsle mips64 mips64le mips64p32 mips64p32le ppc riscv riscv64 s390 s390x sparc sparc64 wasm';

/** Why BuildKit takes no platform of this name. Rule: "Platform specifiers" of containerd. */
export function platformMistake(platform: string): string | undefined {
  if (platform === '') return 'has a platform without a value';
  const parts = platform.split('/');
  const form = parts.every((part, n) => (n === 0 ? /^[\w.-]+(\([\w.+-]*\))?$/ : /^[\w.-]+$/).test(part));
  if (!form || parts.length > 3) return `has the platform ${platform}; write one as linux/amd64`;
  const [only = ''] = parts;
  const known = `${SYSTEMS} ${ARCHITECTURES}`.split(' ').includes(only.replace(/\(.*/, '').toLowerCase());
  return parts.length > 1 || known
    ? undefined
    : `has the platform ${platform}, which is unknown; write one as linux/amd64`;
}
