import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** What a job has to itself on disk; gone when it is over. */
export interface JobFolders {
  readonly root: string;
  readonly workspace: string;
  readonly temp: string;
  readonly home: string;
  readonly tools: string;
  /** The files behind GITHUB_OUTPUT and the like. */
  readonly commands: string;
  /** GITHUB_EVENT_PATH. */
  readonly event: string;
}

export async function makeFolders(root: string, repository: string): Promise<JobFolders> {
  const name = repository.split('/').at(-1) ?? repository;
  const temp = join(root, '_temp');
  const folders: JobFolders = {
    root,
    workspace: join(root, name, name),
    temp,
    home: join(root, 'home'),
    tools: join(root, '_tool'),
    commands: join(temp, '_runner_file_commands'),
    event: join(temp, '_github_workflow', 'event.json'),
  };
  const made = [
    folders.workspace,
    folders.home,
    folders.tools,
    folders.commands,
    join(temp, '_github_workflow'),
  ];
  for (const folder of made) await mkdir(folder, { recursive: true });
  return folders;
}

export async function removeFolders({ root }: JobFolders): Promise<void> {
  await rm(root, { recursive: true, force: true, maxRetries: 3 });
}
