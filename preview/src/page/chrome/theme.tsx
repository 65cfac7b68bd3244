import { getThemeById, ThemeContext, type GrafanaTheme2 } from '@grafana/data';
import { config, locationService, ThemeChangedEvent } from '@grafana/runtime';
import { createContext, useContext, useState, type ReactNode } from 'react';
import { appEvents } from '../services/app-events';

const ToggleTheme = createContext<() => void>(() => {});

/** Gives the page its theme, and lets it change without a reload: streams and panels live on. */
export function ThemeProvider({ children }: { children: ReactNode }) {
  const [theme, setTheme] = useState<GrafanaTheme2>(config.theme2);
  const toggle = (): void => {
    const next = getThemeById(theme.isDark ? 'light' : 'dark');
    applyTheme(next);
    setTheme(next);
    appEvents.publish(new ThemeChangedEvent(next));
  };
  return (
    <ThemeContext.Provider value={theme}>
      <ToggleTheme.Provider value={toggle}>{children}</ToggleTheme.Provider>
    </ThemeContext.Provider>
  );
}

/** @returns what switches between dark and light */
export function useToggleTheme(): () => void {
  return useContext(ToggleTheme);
}

/** Libraries read the theme from `config`, CSS from the document, the next visit from the storage. */
function applyTheme(theme: GrafanaTheme2): void {
  const name = theme.isDark ? 'dark' : 'light';
  config.theme2 = theme;
  config.theme = theme.v1;
  config.bootData.user.theme = name;
  config.bootData.user.lightTheme = theme.isLight;
  document.documentElement.dataset.theme = name;
  try {
    localStorage.setItem('preview.theme', name);
  } catch {
    // Storage may be off: the choice then lasts as long as the page.
  }
  // An address that names a theme would undo the choice on reload.
  if (locationService.getSearch().has('theme')) locationService.partial({ theme: name }, true);
}
