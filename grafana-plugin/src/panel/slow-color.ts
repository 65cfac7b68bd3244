import { colorManipulator, type GrafanaTheme2 } from '@grafana/data';

/** What text needs to be read. */
const READABLE_CONTRAST = 4.5;
const STEP = 0.08;

/**
 * The colour of what is said of a slow node.
 *
 * @param name of a threshold's step, made darker or lighter until it can be read; amber without one
 */
export function slowColor(theme: GrafanaTheme2, name: string | undefined): string {
  if (name === undefined) return theme.colors.warning.text;
  const ground = theme.colors.background.secondary;
  let color = theme.visualization.getColorByName(name);
  const move = theme.isDark ? colorManipulator.lighten : colorManipulator.darken;
  for (let i = 0; i < 20 && colorManipulator.getContrastRatio(color, ground) < READABLE_CONTRAST; i++) {
    color = move(color, STEP);
  }
  return color;
}
