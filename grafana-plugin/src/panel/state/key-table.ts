/** What a single key does; walking through nodes, which follows the patterns of WAI-ARIA, is no command. */
export type KeyCommand =
  | 'search'
  | 'nextMatch'
  | 'previousMatch'
  | 'filter'
  | 'nextFailure'
  | 'previousFailure'
  | 'failuresOnly'
  | 'level'
  | 'expandAll'
  | 'previousFlow'
  | 'nextFlow'
  | 'follow'
  | 'zoomIn'
  | 'zoomOut'
  | 'zoomReset'
  | 'fit'
  | 'help';

/** Where keys do something: `views` means in every view. */
export type KeyPlace = 'panel' | 'views' | 'tree' | 'rows' | 'rail' | 'time' | 'search';

export interface KeyEntry {
  /** As the browser names them. */
  readonly keys: readonly string[];
  /** As they are printed on the keyboard, where that is shorter or plainer. */
  readonly shown?: readonly string[];
  readonly does: string;
  readonly command?: KeyCommand;
}

export interface KeyGroup {
  readonly title: string;
  readonly place: KeyPlace;
  readonly entries: readonly KeyEntry[];
}

const DIGITS = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];

/** All keys of the panel: what handles them looks here, and so does what lists them. */
export const KEY_TABLE: readonly KeyGroup[] = [
  {
    title: 'Find',
    place: 'panel',
    entries: [
      { keys: ['/'], does: 'Search the checkpoints of the flow', command: 'search' },
      { keys: ['n'], does: 'Go to the next match', command: 'nextMatch' },
      { keys: ['N'], does: 'Go to the previous match', command: 'previousMatch' },
      { keys: ['F'], does: 'Filter by checkpoint, status and duration', command: 'filter' },
      { keys: ['e'], does: 'Go to the next failure', command: 'nextFailure' },
      { keys: ['E'], does: 'Go to the previous failure', command: 'previousFailure' },
    ],
  },
  {
    title: 'In the search field',
    place: 'search',
    entries: [
      { keys: ['Enter'], does: 'Go to the next match; with Shift, to the previous one' },
      { keys: ['ArrowDown'], shown: ['↓'], does: 'Leave for the view and keep the search' },
      { keys: ['Escape'], shown: ['Esc'], does: 'Clear the text, then leave' },
    ],
  },
  {
    title: 'Levels',
    place: 'panel',
    entries: [
      { keys: DIGITS, shown: ['0', '–', '9'], does: 'Expand to this level', command: 'level' },
      { keys: ['*'], does: 'Expand everything', command: 'expandAll' },
      { keys: ['x'], does: 'Expand failures only, or everything again', command: 'failuresOnly' },
    ],
  },
  {
    title: 'Flows',
    place: 'panel',
    entries: [
      { keys: ['['], does: 'Show the previous flow of the list', command: 'previousFlow' },
      { keys: [']'], does: 'Show the next flow of the list', command: 'nextFlow' },
      { keys: ['l'], does: 'Follow the latest flow', command: 'follow' },
    ],
  },
  {
    title: 'In the list of flows',
    place: 'rail',
    entries: [
      { keys: ['ArrowUp', 'ArrowDown'], shown: ['↑', '↓'], does: 'Show the flow above or below' },
      { keys: ['Home', 'End'], does: 'Show the first or the last flow' },
    ],
  },
  {
    title: 'Checkpoints',
    place: 'views',
    entries: [
      { keys: ['ArrowUp', 'ArrowDown'], shown: ['↑', '↓'], does: 'Go to the checkpoint above or below' },
      { keys: ['ArrowLeft'], shown: ['←'], does: 'Collapse, or go to the parent' },
      { keys: ['ArrowRight'], shown: ['→'], does: 'Expand, or go to the first child' },
      { keys: ['Home', 'End'], does: 'Go to the first or the last checkpoint' },
      { keys: ['Enter', ' '], shown: ['Enter', 'Space'], does: 'Show the details' },
      { keys: ['Escape'], shown: ['Esc'], does: 'Close the details, or undo the zoom of the timeline' },
    ],
  },
  {
    title: 'Timeline and outline',
    place: 'rows',
    entries: [{ keys: ['PageUp', 'PageDown'], shown: ['Page up', 'Page down'], does: 'Go one page up or down' }],
  },
  {
    title: 'Tree',
    place: 'tree',
    entries: [
      { keys: ['+', '='], shown: ['+'], does: 'Zoom in', command: 'zoomIn' },
      { keys: ['-'], does: 'Zoom out', command: 'zoomOut' },
      { keys: ['z'], does: 'Show it in its original size', command: 'zoomReset' },
      { keys: ['f'], does: 'Fit all of it', command: 'fit' },
    ],
  },
  {
    title: 'Replay and comparison',
    place: 'time',
    entries: [
      { keys: ['p'], does: 'Replay the flow, or pause it' },
      { keys: ['c'], does: 'Compare with another flow, or end that' },
      { keys: ['Escape'], shown: ['Esc'], does: 'End the replay or the comparison' },
    ],
  },
  { title: 'Help', place: 'panel', entries: [{ keys: ['?'], does: 'Show these shortcuts', command: 'help' }] },
];

const COMMANDS: ReadonlyMap<string, KeyCommand> = new Map(
  KEY_TABLE.flatMap(({ entries }) =>
    entries.flatMap(({ keys, command }) => (command === undefined ? [] : keys.map((key) => [key, command] as const))),
  ),
);

/** What a key means; null for one that is no command. */
export function commandOf(key: string): KeyCommand | null {
  return COMMANDS.get(key) ?? null;
}

/** The key of a command, as a button or a menu names it. */
export function keyOf(command: KeyCommand): string {
  for (const { entries } of KEY_TABLE) {
    const entry = entries.find((candidate) => candidate.command === command);
    if (entry !== undefined) return (entry.shown ?? entry.keys)[0] ?? '';
  }
  return '';
}
