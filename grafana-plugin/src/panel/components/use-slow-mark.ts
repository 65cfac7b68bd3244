import type { PanelNode } from '../../frames/panel-flow';
import type { SlowMark } from '../layout/slow-limits';
import { slowText } from '../slow-text';
import { useTicked } from '../ticker';
import { useClockOffset, useFrozenTs, useShownTs } from './clock-context';
import { useFigures } from './figures-context';
import { useLooks } from './looks-context';

/** The mark of a node, as soon as a running one passes its limit; renders anew only when it reads otherwise. */
export function useSlowMark(node: PanelNode): SlowMark | null {
  const { slow } = useFigures();
  const { duration } = useLooks();
  const offsetMs = useClockOffset();
  const frozenTs = useFrozenTs();
  const shownTs = useShownTs();
  const markAt = (nowTs: number): SlowMark | null => slow.markOf(node, (frozenTs ?? shownTs(nowTs)) - offsetMs);
  const found: { mark: SlowMark | null } = { mark: null };
  useTicked(node.status === 'running' && frozenTs === null ? 'fast' : 'idle', (nowTs) => {
    found.mark = markAt(nowTs);
    return found.mark === null ? '' : `${found.mark.step?.color ?? ''} ${slowText(found.mark, duration)}`;
  });
  return found.mark;
}
