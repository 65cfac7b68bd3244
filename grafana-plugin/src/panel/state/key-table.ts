import { t } from '../../texts/t';

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
    title: t('help.groups.find'),
    place: 'panel',
    entries: [
      { keys: ['/'], does: t('help.does.search'), command: 'search' },
      { keys: ['n'], does: t('help.does.next-match'), command: 'nextMatch' },
      { keys: ['N'], does: t('help.does.previous-match'), command: 'previousMatch' },
      { keys: ['F'], does: t('help.does.filter'), command: 'filter' },
      { keys: ['e'], does: t('help.does.next-failure'), command: 'nextFailure' },
      { keys: ['E'], does: t('help.does.previous-failure'), command: 'previousFailure' },
    ],
  },
  {
    title: t('help.groups.search'),
    place: 'search',
    entries: [
      { keys: ['Enter'], does: t('help.does.enter-search') },
      { keys: ['ArrowDown'], shown: ['↓'], does: t('help.does.leave-search') },
      { keys: ['Escape'], shown: [t('help.key-names.escape')], does: t('help.does.clear-or-leave') },
    ],
  },
  {
    title: t('help.groups.levels'),
    place: 'panel',
    entries: [
      { keys: DIGITS, shown: ['0', '–', '9'], does: t('help.does.level'), command: 'level' },
      { keys: ['*'], does: t('help.does.expand-all'), command: 'expandAll' },
      { keys: ['x'], does: t('help.does.failures-only'), command: 'failuresOnly' },
    ],
  },
  {
    title: t('help.groups.flows'),
    place: 'panel',
    entries: [
      { keys: ['['], does: t('help.does.previous-flow'), command: 'previousFlow' },
      { keys: [']'], does: t('help.does.next-flow'), command: 'nextFlow' },
      { keys: ['l'], does: t('help.does.follow'), command: 'follow' },
    ],
  },
  {
    title: t('help.groups.list'),
    place: 'rail',
    entries: [
      { keys: ['ArrowUp', 'ArrowDown'], shown: ['↑', '↓'], does: t('help.does.flow-above-or-below') },
      { keys: ['Home', 'End'], does: t('help.does.first-or-last-flow') },
    ],
  },
  {
    title: t('help.groups.checkpoints'),
    place: 'views',
    entries: [
      { keys: ['ArrowUp', 'ArrowDown'], shown: ['↑', '↓'], does: t('help.does.above-or-below') },
      { keys: ['ArrowLeft'], shown: ['←'], does: t('help.does.collapse') },
      { keys: ['ArrowRight'], shown: ['→'], does: t('help.does.expand') },
      { keys: ['Home', 'End'], does: t('help.does.first-or-last') },
      {
        keys: ['Enter', ' '],
        shown: [t('help.key-names.enter'), t('help.key-names.space')],
        does: t('help.does.details'),
      },
      { keys: ['Escape'], shown: [t('help.key-names.escape')], does: t('help.does.close') },
    ],
  },
  {
    title: t('help.groups.timeline-and-outline'),
    place: 'rows',
    entries: [
      {
        keys: ['PageUp', 'PageDown'],
        shown: [t('help.key-names.page-up'), t('help.key-names.page-down')],
        does: t('help.does.page'),
      },
    ],
  },
  {
    title: t('help.groups.tree'),
    place: 'tree',
    entries: [
      { keys: ['+', '='], shown: ['+'], does: t('help.does.zoom-in'), command: 'zoomIn' },
      { keys: ['-'], does: t('help.does.zoom-out'), command: 'zoomOut' },
      { keys: ['z'], does: t('help.does.zoom-reset'), command: 'zoomReset' },
      { keys: ['f'], does: t('help.does.fit'), command: 'fit' },
    ],
  },
  {
    title: t('help.groups.replay-and-comparison'),
    place: 'time',
    entries: [
      { keys: ['p'], does: t('help.does.replay') },
      { keys: ['c'], does: t('help.does.compare') },
      { keys: ['Escape'], shown: [t('help.key-names.escape')], does: t('help.does.end-time') },
    ],
  },
  {
    title: t('help.groups.help'),
    place: 'panel',
    entries: [{ keys: ['?'], does: t('help.does.help'), command: 'help' }],
  },
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
