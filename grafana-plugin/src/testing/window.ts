/**
 * What `@grafana/data` asks of a browser while it loads. To be imported before it, by unit tests that need more of it
 * than types. A function and no object, since what it requires would take an object for a whole browser.
 */
const nothing = (): null => null;
Object.assign(globalThis, {
  navigator: { languages: ['en-US'], language: 'en-US' },
  window: Object.assign(nothing, {
    localStorage: { getItem: nothing, setItem: nothing, removeItem: nothing },
    location: { origin: 'http://grafana:3000' },
    addEventListener: nothing,
    history: { pushState: nothing, replaceState: nothing },
  }),
});

export {};
