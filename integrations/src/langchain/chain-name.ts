import { fieldsOf } from '../shared/fields';

/** The mark of LangGraph's own steps. */
const HIDDEN = 'langsmith:hidden';
/** Names that LangChain itself gives: to a graph without a name, and to a step of its agents that makes no call. */
const GIVEN_BY_LANGCHAIN = new Set(['LangGraph', 'prompt']);
/** What LangGraph called the choice of the next node before it hid it: `Branch<agent,tools,__end__>`. */
const BRANCH = /^Branch<.*>$/;

/**
 * The name of a chain that somebody named: a node of a graph, an agent, a chain with `runName`. Undefined for what only puts
 * those together, such as `RunnableSequence`, and for prompts and parsers, which take no time.
 */
export function chainName(
  chain: unknown,
  name: string | undefined,
  tags: readonly string[] | undefined,
  runType: string | undefined,
): string | undefined {
  if (name === undefined || name === '' || runType === 'prompt' || runType === 'parser') return undefined;
  if (tags?.includes(HIDDEN) === true || GIVEN_BY_LANGCHAIN.has(name) || BRANCH.test(name)) return undefined;
  return name === className(chain) ? undefined : name;
}

/** Whether it is a whole graph, and no node of one. */
export function isGraph(chain: unknown): boolean {
  return /^Compiled|^Pregel/.test(className(chain) ?? '');
}

function className(serialized: unknown): string | undefined {
  const { id } = fieldsOf(serialized);
  const last: unknown = Array.isArray(id) ? id.at(-1) : undefined;
  return typeof last === 'string' ? last : undefined;
}
