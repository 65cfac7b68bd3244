import type { ScopedVars } from '@grafana/data';
import type { TemplateSrv } from '@grafana/runtime';
import type { Selector } from './queries/query-kind';
import { listsAllOf } from './variables/query';

/** The ids that a text stands for once its variables are filled in. */
export interface ReadIds {
  /** Without repetition, verbatim; empty when a variable is unset or has no value. */
  readonly ids: readonly string[];
  /** The text is a variable that lists all of what is asked for, and "All" of it is chosen. */
  readonly all: boolean;
}

type Templates = Pick<TemplateSrv, 'replace' | 'getVariables'>;

/** Beyond it ids are left out: no query asks for so many. */
const MAX_IDS = 1_000;
/** How Grafana writes "All" in a URL. */
const ALL_VALUE = '$__all';
/** No id holds a NUL, so it marks the place of a variable's values. */
const PLACE = /\0(\d+)\0/;
const ONE_PLACE = /^\0\d+\0$/;

/** A variable of ours without a filter of its own: its "All" means all there is, not only what it lists. */
function listsAll(templates: Templates, name: string, of: Selector): boolean {
  const variable = templates.getVariables().find((candidate) => candidate.name === name);
  if (variable === undefined || !('query' in variable)) return false;
  const isFiltered = 'regex' in variable && Boolean(variable.regex);
  return variable.type === 'query' && !isFiltered && listsAllOf(variable.query) === of;
}

function isAllChosen(templates: Templates, name: string, scopedVars: ScopedVars | undefined): boolean {
  const inUrl = new URLSearchParams(templates.replace(`\${${name}:queryparam}`, scopedVars));
  return inUrl.getAll(`var-${name}`).includes(ALL_VALUE);
}

/**
 * Reads ids from text with variables. A variable with several values gives several ids: the values themselves, not the
 * text `{a,b}` that Grafana would join them to, which is an id like any other.
 *
 * @param of what the ids are of
 */
export function readIds(
  text: string,
  scopedVars: ScopedVars | undefined,
  templates: Templates,
  of: Selector = 'users',
): ReadIds {
  const values: string[][] = [];
  let all = false;
  const marked = templates.replace(text, scopedVars, (value: unknown, variable: { name: string }) => {
    if (Array.isArray(value) && isAllChosen(templates, variable.name, scopedVars)) {
      all ||= listsAll(templates, variable.name, of);
    }
    values.push((Array.isArray(value) ? value : [value]).map(String));
    return `\0${values.length - 1}\0`;
  });
  // Odd parts are places: `team-$user` with two users is two ids.
  const ids = marked.split(PLACE).reduce<string[]>(
    (begun, part, i) => {
      const ends = i % 2 === 0 ? [part] : (values[Number(part)] ?? []);
      return begun.flatMap((begin) => ends.map((end) => begin + end)).slice(0, MAX_IDS);
    },
    [''],
  );
  return {
    ids: [...new Set(ids.map((id) => id.toWellFormed()))].filter((id) => id !== ''),
    all: all && ONE_PLACE.test(marked),
  };
}
