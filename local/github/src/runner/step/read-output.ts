import type { JobLog } from '../job/job-log.ts';
import type { JobState } from '../job/job-state.ts';
import { type LogCommand, parseLogCommand } from './log-command.ts';

export interface OutputReader {
  line(text: string): void;
  /** Whether a command was used that fails the step. */
  readonly failed: boolean;
}

interface Sinks {
  readonly outputs: Map<string, string>;
  readonly state: Map<string, string>;
  /** What `set-env` and `add-path` write to; absent unless ACTIONS_ALLOW_UNSECURE_COMMANDS allows them. */
  readonly unsecure?: Pick<JobState, 'added' | 'path'>;
}

/** Reads what a step prints: workflow commands do their work, everything else is log. */
export function readOutput(log: JobLog, sinks: Sinks): OutputReader {
  let stopToken: string | undefined;
  let failed = false;

  const act = (command: LogCommand, line: string) => {
    const { name, properties, message } = command;
    switch (name) {
      case 'add-mask':
        log.masks.add(message);
        if (message.trim() === '')
          log.annotate('warning', "Can't add secret mask for empty string in ##[add-mask] command.");
        return;
      case 'group':
        log.group(message);
        return;
      case 'endgroup':
        log.endGroup();
        return;
      case 'debug':
        log.debug(message);
        return;
      case 'notice':
      case 'warning':
      case 'error':
        log.annotate(name, message, annotationProperties(properties));
        return;
      case 'stop-commands':
        stopToken = message;
        return;
      case 'set-output':
      case 'save-state':
        (name === 'set-output' ? sinks.outputs : sinks.state).set(properties['name'] ?? '', message);
        log.annotate(
          'warning',
          `The \`${name}\` command is deprecated and will be disabled soon. Please upgrade to using Environment Files.`,
        );
        return;
      case 'set-env':
      case 'add-path':
        if (sinks.unsecure) {
          if (name === 'set-env') sinks.unsecure.added.set(properties['name'] ?? '', message);
          else sinks.unsecure.path.unshift(message);
          return;
        }
        failed = true;
        log.annotate(
          'error',
          `The \`${name}\` command is disabled. Please upgrade to using Environment Files.`,
        );
        return;
      default:
        log.debug(line); // echo and problem matchers have nothing to act on here
    }
  };

  return {
    line: (text) => {
      if (stopToken !== undefined) {
        if (text.trim() === `::${stopToken}::`) stopToken = undefined;
        else log.line(text);
        return;
      }
      const command = parseLogCommand(text);
      if (command) act(command, text);
      else log.line(text);
    },
    get failed() {
      return failed;
    },
  };
}

function annotationProperties(properties: Readonly<Record<string, string>>) {
  const { title, file } = properties;
  const numbers = Object.entries({
    line: properties['line'],
    endLine: properties['endLine'] ?? properties['endline'],
    col: properties['col'],
    endColumn: properties['endColumn'] ?? properties['endcolumn'],
  })
    .map(([name, value]) => [name, Number(value)] as const)
    .filter(([, value]) => Number.isInteger(value));
  return {
    ...(title === undefined ? {} : { title }),
    ...(file === undefined ? {} : { file }),
    ...Object.fromEntries(numbers),
  };
}
