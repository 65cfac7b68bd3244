import React, { type RefObject } from 'react';
import { CompareView } from './compare/CompareView';
import { Clocked } from './components/Clocked';
import { NoMatch } from './find/NoMatch';
import type { Find } from './find/use-find';
import type { PanelFlow } from '../frames/panel-flow';
import { FailureBar } from './header/FailureBar';
import { FlowSummary } from './header/FlowSummary';
import type { Folds } from './layout/folds';
import type { PanelRoom } from './panel-room';
import { ReplayBar } from './replay/ReplayBar';
import type { PanelActs } from './use-panel-acts';
import type { PanelModel } from './use-panel-model';
import { FlowViewer } from './views/FlowViewer';

/** A flow and what belongs to it. */
export interface StageModel extends PanelModel {
  readonly flow: PanelFlow;
  readonly find: Find;
  readonly folds: Folds;
}

interface Props {
  model: StageModel;
  acts: PanelActs;
  room: PanelRoom;
  /** The whole panel. */
  holder: RefObject<HTMLElement>;
  minimap: boolean;
  timeZone: string;
  className: string;
}

/** The flow that is shown: what is told about it, and the view it is seen in. */
export function FlowStage({ model, acts, room, holder, minimap, timeZone, className }: Props) {
  const { flow, find, replay, selected, slow, totals, time } = model;
  const { forest, failures, matches, steps } = find;
  const isCovered = selected !== undefined && room.placement === 'full';
  return (
    <Clocked clock={replay?.clock ?? model.clock} className={className} isCovered={isCovered}>
      {!room.compact && (
        <FlowSummary flow={flow} failureCount={failures.count} showUser={room.narrow} slow={slow} totals={totals} />
      )}
      {!room.compact && (
        <FailureBar forest={forest} failures={failures} onFirst={steps.toFirstFailure} onNext={steps.toNextFailure} />
      )}
      {matches.isActive && matches.isDone && matches.count === 0 && <NoMatch onClear={acts.findNothing} />}
      <FlowViewer
        holder={holder}
        isReplay={replay !== null}
        comparedWith={time.other === undefined ? null : model.state.compareId}
        comparison={(takesFocus) => (
          <CompareView
            flow={flow}
            forest={forest}
            failures={failures}
            other={time.other ?? null}
            flows={model.flows}
            selectedId={model.nodeId}
            compact={room.compact}
            timeZone={timeZone}
            takesFocus={takesFocus}
            onSelect={acts.select}
            onOther={time.compareWith}
            onSwap={time.swap}
            onClose={time.end}
          />
        )}
        view={model.view}
        flow={flow}
        forest={forest}
        failures={failures}
        folds={model.folds}
        direction={model.direction}
        matches={matches}
        selectedId={model.nodeId}
        selections={model.state.selections}
        collapsed={model.collapsed}
        following={model.following}
        minimap={minimap}
        onSelect={acts.select}
        onToggle={acts.toggle}
        onFold={acts.fold}
        onAct={acts.yield}
      />
      {replay !== null && (
        <ReplayBar
          replay={replay}
          onClose={() => {
            // The bar has the focus, and goes away with it.
            acts.toView();
            replay.close();
          }}
        />
      )}
    </Clocked>
  );
}
