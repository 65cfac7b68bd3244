import { chainName } from './chain-name';

/** As LangChain hands over a chain of a class. */
const chainOf = (className: string) => ({ lc: 1, type: 'not_implemented', id: ['langgraph', className] });

it.each([
  ['agent', 'RunnableSequence', 'agent'],
  ['Branch', 'RunnableCallable', 'Branch'],
  // LangGraph 1.0 shows the choice of the next node as a run.
  ['Branch<agent,tools,__end__>', 'RunnableCallable', undefined],
  ['LangGraph', 'CompiledStateGraph', undefined],
  ['RunnableSequence', 'RunnableSequence', undefined],
])('%s of the class %s is named %s', (name, className, expected) => {
  expect(chainName(chainOf(className), name, undefined, undefined)).toBe(expected);
});
