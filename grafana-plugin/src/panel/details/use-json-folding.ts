import { useMemo, useState } from 'react';
import type { JsonParent } from './attribute-value';
import { firstOpen, jsonRows, PAGE, type JsonFolding, type JsonRow } from './json-rows';

/** A tree of JSON as a person has opened it. */
export interface FoldedJson {
  readonly rows: readonly JsonRow[];
  readonly setOpen: (path: string, isOpen: boolean) => void;
  /** Shows a page more of the children that a row of kind `more` stands for. */
  readonly showMore: (row: JsonRow) => void;
}

export function useJsonFolding(root: JsonParent): FoldedJson {
  const [kept, setKept] = useState<{ root: JsonParent; folding: JsonFolding } | null>(null);
  // Another value folds anew.
  const folding = useMemo<JsonFolding>(
    () => (kept?.root === root ? kept.folding : { open: firstOpen(root), shown: new Map<string, number>() }),
    [kept, root],
  );
  const rows = useMemo(() => jsonRows(root, folding), [root, folding]);
  return {
    rows,
    setOpen(path, isOpen) {
      const open = new Set(folding.open);
      if (isOpen) open.add(path);
      else open.delete(path);
      setKept({ root, folding: { ...folding, open } });
    },
    showMore({ path }) {
      const parent = path.slice(0, path.lastIndexOf('/'));
      const shown = new Map(folding.shown).set(parent, (folding.shown.get(parent) ?? PAGE) + PAGE);
      setKept({ root, folding: { ...folding, shown } });
    },
  };
}
