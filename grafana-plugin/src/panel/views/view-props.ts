import type { PanelFlow } from '../../frames/panel-flow';
import type { Failures } from '../layout/failures';
import type { Folds } from '../layout/folds';
import type { Forest } from '../layout/forest';
import type { Matches } from '../layout/matches';
import type { TreeDirection } from '../options';

/** What every view of a flow is given. A view owns only its window (scroll and zoom). */
export interface ViewProps {
  /** A new object whenever anything of the flow has changed; its `nodes` stay the same object. */
  readonly flow: PanelFlow;
  /** Of this flow, up to date when the view is rendered. */
  readonly forest: Forest;
  /** Of this flow, up to date when the view is rendered. */
  readonly failures: Failures;
  /** Which equal siblings are folded into one; of this flow, up to date when the view is rendered. */
  readonly folds: Folds;
  /** Where in the tree what follows stands. */
  readonly direction: TreeDirection;
  /** Of this flow, up to date when the view is rendered: what a search and filters leave out is dimmed. */
  readonly matches: Matches;
  readonly selectedId: string | null;
  /** Grows with each selection, of the same node too: the view goes there. */
  readonly selections: number;
  /** The view takes the place of one that had the focus. */
  readonly takesFocus: boolean;
  /** Ids of nodes whose children are not shown. */
  readonly collapsed: ReadonlySet<string>;
  /** The view keeps the newest child of a running parent in sight, or the newest node when none runs. */
  readonly following: boolean;
  /** The tree may show a map of all of it. */
  readonly minimap: boolean;
  readonly onSelect: (id: string | null) => void;
  readonly onToggle: (id: string) => void;
  /** Opens a group of equal siblings, or folds it again. */
  readonly onFold: (key: string) => void;
  /** A person has scrolled, zoomed or panned: following yields. */
  readonly onAct: () => void;
}
