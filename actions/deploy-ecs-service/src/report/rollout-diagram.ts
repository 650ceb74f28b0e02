import { REPLACED, type TimelineEntry } from '@tenant-delivery/deployment/follow/timeline';
import { eventWords } from '@tenant-delivery/deployment/plain-names';

const LONGEST = 60; // characters of one label: GitHub draws no line breaks

/**
 * The rollout as a Gantt diagram in Mermaid, which GitHub draws in a summary: stages, tasks and events, in UTC. Names
 * are others' words; what Mermaid could take for its own grammar is left out of them, so that none can break the
 * drawing or reach beyond it.
 */
export function rolloutDiagram(timeline: readonly TimelineEntry[], finishedAt: string): string {
  const of = (kind: TimelineEntry['kind']) => timeline.filter((each) => each.kind === kind);
  const sections = [
    ['Deployment', of('stage').map(stageLine(finishedAt))],
    ['Tasks', of('task').map(taskLine(finishedAt))],
    ['Events', of('event').map(eventLine)],
  ] as const;
  const drawn = sections.filter(([, lines]) => lines.length > 0);
  if (drawn.length === 0) return '';
  return [
    '```mermaid',
    'gantt',
    '    dateFormat YYYY-MM-DD HH:mm:ss',
    '    axisFormat %H:%M:%S',
    ...drawn.flatMap(([name, lines]) => [`    section ${name}`, ...lines.map((line) => `    ${line}`)]),
    '```',
  ].join('\n');
}

function stageLine(finishedAt: string): (entry: TimelineEntry) => string {
  return ({ name, from, until }) => {
    const bad = /ROLLBACK|STOPPED|FAILED/.test(name);
    return line(`stage ${name}`, bad ? 'crit' : 'active', from, until ?? finishedAt);
  };
}

function taskLine(finishedAt: string): (entry: TimelineEntry) => string {
  return ({ name, zone, ended, from, until }) => {
    const where = zone === null ? '' : ` in ${zone}`;
    const how = ended === null ? '' : `, ${ended}`;
    const bad = ended !== null && ended !== REPLACED;
    return line(`task ${name.slice(0, 8)}${where}${how}`, bad ? 'crit' : 'done', from, until ?? finishedAt);
  };
}

function eventLine({ name, from }: TimelineEntry): string {
  const words = eventWords(name).replace(/:?( \(task [0-9a-f]+\))+/g, '');
  return `${label(`at ${from.slice(11, 19).replaceAll(':', '.')} ${words}`)} :milestone, ${second(from)}, 0s`;
}

function line(text: string, mark: string, from: string, until: string): string {
  const end = Math.max(Date.parse(until), Date.parse(from) + 1000); // a bar of no length is not drawn
  return `${label(text)} :${mark}, ${second(from)}, ${second(new Date(end).toISOString())}`;
}

function label(text: string): string {
  const plain = text
    .replace(/[^\p{L}\p{N} ._,()/%+=-]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return plain.length > LONGEST ? `${plain.slice(0, LONGEST - 1).trim()}…` : plain;
}

/** `2026-11-24 09:00:00`: without a zone, Mermaid shows the same time to every reader. */
function second(time: string): string {
  return time.slice(0, 19).replace('T', ' ');
}
