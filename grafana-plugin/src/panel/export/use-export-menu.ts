import type { TimeRange } from '@grafana/data';
import { useTheme2 } from '@grafana/ui';
import { useState } from 'react';
import type { BridgeApi } from '../../bridge-api';
import type { PanelFlow } from '../../frames/panel-flow';
import { t } from '../../texts/t';
import { announce } from '../announce';
import type { Clock } from '../components/clock-context';
import type { Figures } from '../components/figures-context';
import type { MenuEntry, MenuGroup } from '../header/menu-groups';
import type { Failures } from '../layout/failures';
import type { Folds } from '../layout/folds';
import type { Forest } from '../layout/forest';
import { createMatches } from '../layout/matches';
import type { Looks } from '../looks';
import type { FlowView, TreeDirection } from '../options';
import { fullTimeInZone } from '../time-format';
import { createFitText } from '../views/tree/fit-text';
import { createPalette } from '../views/tree/palette';
import { captionLines } from './caption';
import { copyText } from './copy-text';
import { readFlowFile } from './flow-file';
import type { Picture } from './picture';
import { outlinePicture, timelinePicture } from './rows-picture';
import { fileName, saveFile } from './save-file';
import { treePicture, type Shown } from './tree-picture';
import { viewLink } from './view-link';
import { writePng, writeSvg } from './write-picture';

interface Options {
  /** Null while nothing is shown: then there is nothing to export. */
  readonly flow: PanelFlow | null;
  readonly forest: Forest | null;
  readonly failures: Failures | null;
  readonly folds: Folds | null;
  readonly figures: Figures;
  readonly looks: Looks;
  readonly direction: TreeDirection;
  readonly collapsed: ReadonlySet<string>;
  readonly view: FlowView;
  readonly nodeId: string | null;
  readonly bridge: BridgeApi | null;
  readonly clock: Clock;
  readonly panelId: number;
  readonly timeRange: TimeRange;
  readonly timeZone: string;
}

const PICTURES: Readonly<Record<FlowView, (shown: Shown, flow: PanelFlow) => Picture>> = {
  tree: treePicture,
  timeline: timelinePicture,
  outline: outlinePicture,
};

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Lets the menu close before the work begins. */
const untilIdle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50));

/** What can be taken away of the flow that is shown: its data, a picture, a link. */
export function useExportMenu(options: Options): readonly MenuGroup[] {
  const theme = useTheme2();
  const [busy, setBusy] = useState(false);
  const {
    flow,
    forest,
    failures,
    folds,
    figures,
    looks,
    direction,
    collapsed,
    view,
    nodeId,
    bridge,
    clock,
    panelId,
    timeRange,
    timeZone,
  } = options;
  if (flow === null || forest === null || failures === null || folds === null) return [];

  const nowTs = (): number => (clock.frozenTs ?? Date.now()) - clock.offsetMs;
  const doing = async (work: () => Promise<void>): Promise<void> => {
    setBusy(true);
    await untilIdle();
    try {
      await work();
    } catch (failure) {
      announce('error', t('export.not-saved'), messageOf(failure));
    } finally {
      setBusy(false);
    }
  };
  const save = (blob: Blob, extension: string, notes: readonly string[]): void => {
    const name = fileName(flow.id, extension);
    saveFile(blob, name);
    announce(notes.length === 0 ? 'success' : 'warning', t('export.saved', { file: name }), notes.join(' '));
  };

  const saveJson = async (): Promise<void> => {
    const file = await readFlowFile(flow, bridge === null ? null : (id, cursor) => bridge.flow(id, cursor));
    const blob = new Blob([`${JSON.stringify(file, null, 2)}\n`], { type: 'application/json' });
    save(blob, 'json', file.incomplete === undefined ? [] : [file.incomplete]);
  };
  const savePicture = async (format: 'svg' | 'png'): Promise<void> => {
    const palette = createPalette(theme, looks);
    const fitText = createFitText();
    const matches = createMatches(flow.nodes);
    const shown = { forest, failures, folds, figures, matches, direction, collapsed, palette, fitText, nowTs: nowTs() };
    const picture = PICTURES[view](shown, flow);
    const timeText = fullTimeInZone(flow.startedTs, timeZone);
    const linesOf = (notes: readonly string[]) =>
      captionLines(flow, { nowTs: shown.nowTs, timeText, notes, duration: looks.duration });
    const { blob, notes } =
      format === 'svg' ? writeSvg(picture, linesOf, palette) : await writePng(picture, linesOf, palette);
    save(blob, format, notes);
  };
  const copyLink = async (): Promise<void> => {
    const link = viewLink(document.URL, {
      panelId,
      flowId: flow.id,
      nodeId,
      view,
      fromTs: timeRange.from.valueOf(),
      toTs: timeRange.to.valueOf(),
      flowStartedTs: flow.startedTs,
      flowEndedTs: flow.durationMs === null ? nowTs() : flow.startedTs + flow.durationMs,
    });
    if (await copyText(link)) announce('success', t('export.link-copied'));
    else announce('warning', t('export.link-refused'), link);
  };

  const entry = (label: string, icon: NonNullable<MenuEntry['icon']>, work: () => Promise<void>): MenuEntry =>
    busy ? { label, icon, refusal: t('export.busy') } : { label, icon, onClick: () => void doing(work) };
  return [
    {
      label: t('export.title'),
      entries: [
        entry(t('export.json'), 'brackets-curly', saveJson),
        entry(t('export.svg'), 'camera', () => savePicture('svg')),
        entry(t('export.png'), 'camera', () => savePicture('png')),
      ],
    },
    {
      label: t('export.share'),
      entries: [{ label: t('export.copy-link'), icon: 'link', onClick: () => void copyLink() }],
    },
  ];
}
