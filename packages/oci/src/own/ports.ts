const PORT =
  /^(?:(?<address>\[[^\]]*\]|[^:[\]]*):)?(?:(?<host>[\d-]*):)?(?<container>[\d-]+)(?:\/(?<protocol>\w*))?$/;
const RANGE = /^(\d{1,5})(?:-(\d{1,5}))?$/;

/** `ExposedPorts` of an image. BuildKit also takes the forms that `docker run` publishes with, and keeps the container's port. */
export function exposedPorts(words: readonly string[]): Record<string, object> {
  return Object.fromEntries(
    words.flatMap((word) => {
      const { container = '', protocol = 'tcp' } = PORT.exec(word)?.groups ?? {};
      const [, from = '', to = from] = RANGE.exec(container) ?? [];
      const [first, last] = [Number(from), Number(to)];
      if (from === '' || last > 65_535 || last < first || !/^(tcp|udp|sctp)?$/i.test(protocol))
        throw new SyntaxError(`EXPOSE ${word}: give a port, as 8080 or 8080/udp`);
      return Array.from({ length: last - first + 1 }, (_, n) => [
        `${first + n}/${protocol.toLowerCase() || 'tcp'}`,
        {},
      ]);
    }),
  );
}
