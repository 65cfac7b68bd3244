import { ATTRIBUTES, type Attributes, type OpenCheckpoint } from '@flow-tracking/protocol';

function textOf(attributes: Attributes | undefined, ...names: string[]): string | null {
  for (const name of names) {
    const value = attributes?.[name];
    if (typeof value === 'string' && value !== '') return value;
  }
  return null;
}

/** The tool, or else the agent, that an open checkpoint waits for; null when it does not say. */
export const toolOf = (open: OpenCheckpoint | undefined): string | null =>
  textOf(open?.attributes, ATTRIBUTES.toolName, ATTRIBUTES.agentName);

/** The model that an open checkpoint waits for, the one that answers before the one that was asked; null when it does not say. */
export const modelOf = (open: OpenCheckpoint | undefined): string | null =>
  textOf(open?.attributes, ATTRIBUTES.responseModel, ATTRIBUTES.requestModel);
