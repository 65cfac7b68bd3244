import { css } from '@emotion/css';
import { ControlsLabel, type dataLayers } from '@grafana/scenes';

type Layer = InstanceType<typeof dataLayers.AnnotationsDataLayer>;

/** A switch for each annotation of a dashboard, with its name. */
export function AnnotationControls({ layers }: { layers: Layer[] }) {
  return layers.map((layer) => <AnnotationControl key={layer.state.key} layer={layer} />);
}

function AnnotationControl({ layer }: { layer: Layer }) {
  const { key, name, isHidden } = layer.useState();
  if (isHidden) return null;
  return (
    <div className={styles}>
      <ControlsLabel htmlFor={`data-layer-${key}`} label={name} />
      <layer.Component model={layer} />
    </div>
  );
}

const styles = css({ display: 'flex' });
