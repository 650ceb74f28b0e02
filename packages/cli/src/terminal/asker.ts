import { createInterface, type Interface } from 'node:readline';

export interface Asker {
  /** `undefined` once nobody is left to answer. */
  ask(question: string): Promise<string | undefined>;
  /** Lets the process end: a terminal that is read holds it open. */
  close(): void;
}

/**
 * Asks the person at a terminal, one line for each question. One reader serves all questions, so that lines that were pasted
 * together are not lost. Opened with the first question.
 */
export function asker(
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
  interrupt: () => void,
): Asker {
  let reader: Interface | undefined;
  let lines: AsyncIterator<string> | undefined;
  let ended = false;
  const open = (): Interface => {
    const opened = createInterface({ input, output });
    opened.on('close', () => {
      ended = true;
    });
    opened.on('SIGINT', () => {
      opened.close();
      interrupt();
    });
    lines = opened[Symbol.asyncIterator]();
    return opened;
  };
  return {
    ask: async (question) => {
      reader ??= open();
      if (ended) return undefined;
      reader.setPrompt(question);
      reader.prompt();
      const next = await lines?.next();
      return next?.done === false ? next.value : undefined;
    },
    close: () => reader?.close(),
  };
}
