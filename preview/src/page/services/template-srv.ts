import type { ScopedVars, TypedVariableModel } from '@grafana/data';
import type { TemplateSrv } from '@grafana/runtime';
import { EmbeddedScene, sceneGraph, SceneReactObject, SceneTimeRange, type SceneObject } from '@grafana/scenes';

declare global {
  interface Window {
    /** Set by @grafana/scenes to the scene on show. */
    __grafanaSceneContext?: SceneObject;
  }
}

const VARIABLE = /\$(\w+)|\[\[(\w+?)(?::(\w+))?\]\]|\$\{(\w+)(?:\.([^:^}]+))?(?::([^}]+))?\}/;

/** Interpolates through the scene: that of the panel that asks, else the one on show, else one without variables. */
export function createTemplateSrv(): TemplateSrv {
  const empty = new EmbeddedScene({ $timeRange: new SceneTimeRange(), body: new SceneReactObject({}) });
  const sceneOf = (scopedVars?: ScopedVars): SceneObject =>
    (scopedVars?.__sceneObject?.value as { valueOf(): SceneObject } | undefined)?.valueOf() ??
    window.__grafanaSceneContext ??
    empty;

  return {
    replace: (target, scopedVars, format, interpolations) =>
      sceneGraph.interpolate(sceneOf(scopedVars), target, scopedVars, format as never, interpolations),
    containsTemplate: (target) => Boolean(target && VARIABLE.test(target)),
    getVariables: () =>
      sceneGraph
        .getVariables(sceneOf())
        .state.variables.map(({ state }) => ({ ...state }) as unknown as TypedVariableModel),
    updateTimeRange: () => {},
  };
}
