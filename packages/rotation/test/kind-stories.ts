import type { Pick, Told } from './schedules.ts';

/** A story that can be played without knowing what kind of credential it is about. */
export interface PlayableStory {
  play(pick?: Pick): Promise<Told>;
  /** What must be said of a wrong plan; whatever is bad when absent. */
  readonly says: string | undefined;
}

type Stories = Readonly<Record<string, PlayableStory>>;

/** What a kind of credential is held to. */
export interface KindStories {
  /** Stories that must end well, whatever goes wrong in them. */
  readonly stories: Stories;
  /** Plans that must be caught: each leaves out one reason for which the shipped one waits or asks. */
  readonly controls: Stories;
}

export function kindStories<Story extends { readonly says?: string }>(
  play: (story: Story, pick?: Pick) => Promise<Told>,
  stories: Readonly<Record<string, Story>>,
  controls: Readonly<Record<string, Story>>,
): KindStories {
  const playable = (all: Readonly<Record<string, Story>>): Stories =>
    Object.fromEntries(
      Object.entries(all).map(([name, story]) => [
        name,
        { play: (pick) => play(story, pick), says: story.says },
      ]),
    );
  return { stories: playable(stories), controls: playable(controls) };
}

/** How often the harness said what is wrong with a plan. */
export function caught({ says }: PlayableStory, told: Told): number {
  return says === undefined ? told.bad : told.violations.filter((said) => said.includes(says)).length;
}
