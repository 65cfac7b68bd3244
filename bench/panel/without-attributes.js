// @ts-nocheck: it runs in the page, whose globals are unknown to the program that the benchmarks belong to.
/* global document, window */
// For a panel whose root does not tell what it shows: the count of the flow in the list, and the size of what is laid out. To
// be taken away once `data-nodes` and `data-seq` are everywhere.
window.flowProbeFallback = () => {
  const item = document.querySelector('[data-testid="flow-list-item"][aria-current="true"]');
  const count = /(\d+) ✓/.exec(item?.textContent ?? '');
  const tree = document.querySelector('[data-testid="flow-tree"]');
  const size = [...(tree?.children ?? [])].map(({ style }) => `${style.width} ${style.height}`).join(' ');
  return {
    flow: item?.dataset.flowId ?? '',
    nodes: count === null ? NaN : Number(count[1]),
    seq: null,
    key: size.trim(),
  };
};
